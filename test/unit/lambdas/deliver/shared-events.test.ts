import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '#core/event/event.ts';
import { createSharedEvents } from '#lambdas/deliver/shared-calls.ts';
import { eventOf, noon } from '#test/support/deliveries.ts';

const event = eventOf();
const eventually = { consistent: false };

function shared(answers: readonly (StoredEvent | Error | undefined)[] = []) {
  const reads: string[] = [];
  const clock = { now: noon };
  const read = createSharedEvents(
    async (applicationId, eventId, { consistent }) => {
      reads.push(`${applicationId} ${eventId}${consistent ? ' consistently' : ''}`);
      const answer = answers.length === 0 ? event : answers[reads.length - 1];
      if (answer instanceof Error) throw answer;
      return answer;
    },
    () => clock.now,
  );
  return { reads, clock, read };
}

describe('an event that does not travel with its messages', () => {
  it('is read once a second, however many deliveries need it', async () => {
    const { reads, clock, read } = shared();
    const ten = () => Promise.all(Array.from({ length: 10 }, () => read('acme', event.id, eventually)));
    expect(await ten()).toEqual(Array.from({ length: 10 }, () => event));
    clock.now += 999;
    await ten();
    expect(reads).toHaveLength(1);
    clock.now += 1;
    await ten();
    expect(reads).toHaveLength(2);
  });

  it('is not taken for another application’s, nor another event’s', async () => {
    const { reads, read } = shared();
    await read('acme', event.id, eventually);
    await read('other', event.id, eventually);
    await read('acme', eventOf().id, eventually);
    expect(new Set(reads).size).toBe(3);
  });

  it('is always read when it has to be read consistently', async () => {
    const { reads, read } = shared([undefined, event]);
    expect(await read('acme', event.id, eventually)).toBeUndefined();
    expect(await read('acme', event.id, { consistent: true })).toBe(event);
    expect(reads[1]).toContain('consistently');
  });

  it('is read again after a read that failed', async () => {
    const { read } = shared([new Error('throttled'), event]);
    const failed = await Promise.allSettled([
      read('acme', event.id, eventually),
      read('acme', event.id, eventually),
    ]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await read('acme', event.id, eventually)).toBe(event);
  });

  it('is forgotten when many others were read since', async () => {
    const { reads, read } = shared();
    await read('acme', event.id, eventually);
    for (let other = 0; other < 16; other += 1) await read('acme', eventOf().id, eventually);
    await read('acme', event.id, eventually);
    expect(reads).toHaveLength(18);
  });
});
