import { describe, expect, it } from 'vitest';
import { givesWay, isSuspect, type SuspectMark, suspectMark } from '#core/slow-endpoint/slow-endpoint.ts';
import { createSuspects } from '#lambdas/deliver/suspects.ts';
import { noon } from '#test/support/deliveries.ts';

function suspects({ capacity = 10, mark }: { capacity?: number; mark?: () => Promise<void> } = {}) {
  const made: { readonly id: string; readonly mark: SuspectMark }[] = [];
  const failed: unknown[] = [];
  const clock = { now: noon };
  const suspect = createSuspects({
    mark: async (id, wanted) => {
      made.push({ id, mark: wanted });
      await mark?.();
    },
    failed: (_, error) => failed.push(error),
    now: () => clock.now,
    capacity,
  });
  return { made, failed, clock, suspect };
}

describe('suspicion', () => {
  it('lasts a minute and is renewed in its last quarter', () => {
    expect(suspectMark(undefined, noon)).toEqual({ until: noon + 60_000, ifBefore: noon + 15_000 });
    expect(suspectMark(noon + 15_001, noon)).toBeUndefined();
    expect(suspectMark(noon + 15_000, noon)).toEqual({ until: noon + 60_000, ifBefore: noon + 15_000 });
    expect(isSuspect(noon + 1, noon)).toBe(true);
    expect(isSuspect(noon, noon)).toBe(false);
    expect(isSuspect(undefined, noon)).toBe(false);
  });

  it.each([
    [0, 1, false],
    [9, 1, false],
    [10, 1, true],
    [0, 2, false],
    [1, 2, true],
    [1, 5, true],
  ])('makes a request give way when %i wait at look %i: %s', (waiting, looks, expected) => {
    expect(givesWay(waiting, looks)).toBe(expected);
  });
});

describe('marking suspects', () => {
  it('writes once for all that hang at the same time, and again near the end', async () => {
    const { made, clock, suspect } = suspects();
    await Promise.all(Array.from({ length: 10 }, () => suspect('ep_1')));
    clock.now += 44_999;
    await suspect('ep_1');
    expect(made).toHaveLength(1);
    clock.now += 1;
    await suspect('ep_1');
    await suspect('ep_2');
    expect(made.map(({ id }) => id)).toEqual(['ep_1', 'ep_1', 'ep_2']);
  });

  it('tells of a write that fails, rejects for none who waits, and tries again', async () => {
    const mark = async () => {
      throw new Error('throttled');
    };
    const { made, failed, suspect } = suspects({ mark });
    await Promise.all([suspect('ep_1'), suspect('ep_1')]);
    expect(failed).toHaveLength(1);
    await suspect('ep_1');
    expect(made).toHaveLength(2);
  });

  it('forgets the oldest when there are many', async () => {
    const { made, suspect } = suspects({ capacity: 2 });
    for (const id of ['ep_1', 'ep_2', 'ep_3', 'ep_1']) await suspect(id);
    expect(made.map(({ id }) => id)).toEqual(['ep_1', 'ep_2', 'ep_3', 'ep_1']);
  });
});
