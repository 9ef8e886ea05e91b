import { describe, expect, it } from 'vitest';
import { isSlow, type SlowMark, shouldPreempt, slowMark } from '#core/slow-endpoint/slow-endpoint.ts';
import { createSlowMarks } from '#lambdas/deliver/slow-marks.ts';
import { noon } from '#test/support/deliveries.ts';

function slowMarks({ capacity = 10, mark }: { capacity?: number; mark?: () => Promise<void> } = {}) {
  const made: { readonly id: string; readonly mark: SlowMark }[] = [];
  const failed: unknown[] = [];
  const clock = { now: noon };
  const markSlow = createSlowMarks({
    mark: async (id, wanted) => {
      made.push({ id, mark: wanted });
      await mark?.();
    },
    failed: (_, error) => failed.push(error),
    now: () => clock.now,
    capacity,
  });
  return { made, failed, clock, markSlow };
}

describe('a mark of a slow endpoint', () => {
  it('lasts a minute and is renewed in its last quarter', () => {
    expect(slowMark(undefined, noon)).toEqual({ until: noon + 60_000, ifBefore: noon + 15_000 });
    expect(slowMark(noon + 15_001, noon)).toBeUndefined();
    expect(slowMark(noon + 15_000, noon)).toEqual({ until: noon + 60_000, ifBefore: noon + 15_000 });
    expect(isSlow(noon + 1, noon)).toBe(true);
    expect(isSlow(noon, noon)).toBe(false);
    expect(isSlow(undefined, noon)).toBe(false);
  });

  it.each([
    [0, 1, false],
    [9, 1, false],
    [10, 1, true],
    [0, 2, false],
    [1, 2, true],
    [1, 5, true],
  ])('preempts a request when %i wait at check %i: %s', (waiting, checks, expected) => {
    expect(shouldPreempt(waiting, checks)).toBe(expected);
  });
});

describe('marking slowMarks', () => {
  it('writes once for all that hang at the same time, and again near the end', async () => {
    const { made, clock, markSlow } = slowMarks();
    await Promise.all(Array.from({ length: 10 }, () => markSlow('ep_1')));
    clock.now += 44_999;
    await markSlow('ep_1');
    expect(made).toHaveLength(1);
    clock.now += 1;
    await markSlow('ep_1');
    await markSlow('ep_2');
    expect(made.map(({ id }) => id)).toEqual(['ep_1', 'ep_1', 'ep_2']);
  });

  it('tells of a write that fails, rejects for none who waits, and tries again', async () => {
    const mark = async () => {
      throw new Error('throttled');
    };
    const { made, failed, markSlow } = slowMarks({ mark });
    await Promise.all([markSlow('ep_1'), markSlow('ep_1')]);
    expect(failed).toHaveLength(1);
    await markSlow('ep_1');
    expect(made).toHaveLength(2);
  });

  it('forgets the oldest when there are many', async () => {
    const { made, markSlow } = slowMarks({ capacity: 2 });
    for (const id of ['ep_1', 'ep_2', 'ep_3', 'ep_1']) await markSlow(id);
    expect(made.map(({ id }) => id)).toEqual(['ep_1', 'ep_2', 'ep_3', 'ep_1']);
  });
});
