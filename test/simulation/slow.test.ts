import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestResult } from '#core/attempt/outcome.ts';
import { isSettled } from '#core/delivery/delivery.ts';
import { type DeliveryOptions, eventId, OneDelivery } from './one-delivery.ts';
import { start } from './plant/plant.ts';
import { answered } from './plant/receivers.ts';

const retryConfig = { maxAttempts: 3, strategy: 'fixed', baseDelay: 1_000, jitter: false } as const;
const timedOut: RequestResult = {
  kind: 'failed',
  errorClass: 'timeout',
  error: 'no answer',
  duration: 30_000,
};
const taking = (duration: number, statusCode = 200): RequestResult => ({ ...answered(statusCode), duration });

function slowWorld(
  receiver: DeliveryOptions['receiver'],
  options: Partial<DeliveryOptions> = {},
): OneDelivery {
  return new OneDelivery({ retryConfig, receiver, ...options });
}

describe('an endpoint that has not answered after a second', () => {
  it.each([
    ['answers after all', taking(1_001), true],
    ['fails after all', taking(1_001, 500), true],
    ['answered just in time', taking(999), false],
  ])('is marked as slow when it %s', async (_, first, isMarked) => {
    const world = slowWorld((n) => (n === 1 ? first : taking(5)));
    await world.run();
    expect(world.record?.slowUntil).toBe(isMarked ? start + 1_000 + 60_000 : undefined);
    expect(world.item?.state.status).toBe('succeeded');
  });

  it('gets its retries from the slow queue, and none of them is counted twice', async () => {
    const world = slowWorld(() => timedOut);
    await world.run();
    expect(world.requests.map(({ queue }) => queue)).toEqual(['normal', 'slow', 'slow']);
    expect(world.item).toMatchObject({ attemptCount: 3, state: { status: 'dead', reason: 'exhausted' } });
    expect(world.deadLetters).toHaveLength(1);
  });

  it('stays marked while it is slow, by one write for most of a minute', async () => {
    const world = slowWorld(() => taking(2_000, 500), {
      retryConfig: { ...retryConfig, maxAttempts: 40 },
    });
    await world.run();
    expect(world.requests.slice(1).every(({ queue }) => queue === 'slow')).toBe(true);
    const lasted = (world.requests.at(-1)?.at ?? 0) - start;
    expect(world.marks).toBeLessThanOrEqual(1 + Math.ceil(lasted / 45_000));
    expect(world.marks).toBeGreaterThan(1);
  });

  it('is treated like any other when its minute is over', async () => {
    const world = slowWorld((n) => (n === 1 ? taking(2_000, 500) : taking(5)), {
      retryConfig: { ...retryConfig, baseDelay: 61_000, maxDelay: 61_000 },
    });
    await world.run();
    expect(world.requests.map(({ queue }) => queue)).toEqual(['normal', 'retry']);
  });

  it('has its first messages diverted, however many copies there are, and is sent one request', async () => {
    const world = slowWorld(() => taking(2_000));
    world.noted = { slowUntil: start + 60_000 };
    world.duplicate();
    await world.run();
    expect(world.requests.map(({ queue }) => queue)).toEqual(['slow']);
    expect(world.item).toMatchObject({ attemptCount: 1, state: { status: 'succeeded' } });
  });

  it('is held, not diverted, while it is paused or its circuit open', async () => {
    const paused = slowWorld(() => taking(5));
    paused.noted = { slowUntil: start + 3_600_000 };
    paused.pause();
    await paused.run(1_000);
    expect(paused.item?.state).toMatchObject({ status: 'held', heldFor: 'paused' });

    const circuitBreaker = { enabled: true, threshold: 1, timeout: 30_000 };
    const open = slowWorld((n) => (n === 1 ? timedOut : taking(5)), { circuitBreaker });
    await open.run();
    expect(open.history.map(({ state }) => state)).toContainEqual(
      expect.objectContaining({ status: 'held', heldFor: 'circuit' }),
    );
    // The probe comes while the endpoint is slow, and is made where it can hang.
    expect(open.requests.map(({ queue }) => queue)).toEqual(['normal', 'slow']);
    expect(open.item?.state.status).toBe('succeeded');
  });
});

describe('a request that hangs', () => {
  it('is not cut off while no message waits', async () => {
    const world = slowWorld(() => taking(29_000));
    await world.run();
    expect(world.requests.map(({ queue }) => queue)).toEqual(['normal']);
    expect(world.item).toMatchObject({ attemptCount: 1, state: { status: 'succeeded' } });
  });

  it.each([
    [10, 5_000],
    [9, 10_000],
    [1, 10_000],
  ])(
    'is preempted when %i wait, and goes on in the slow queue: no attempt, the same webhook-id',
    async (waiting, when) => {
      const world = slowWorld(() => taking(29_000));
      world.plant.othersWaiting = waiting;
      await world.run();
      const [first, second] = world.requests;
      expect(world.requests.map(({ queue }) => queue)).toEqual(['normal', 'slow']);
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(when);
      expect([first, second].map((request) => request?.headers['X-Hook0-Attempt'])).toEqual(['1', '1']);
      expect([first, second].map((request) => request?.headers['webhook-id'])).toEqual([eventId, eventId]);
      expect(world.item).toMatchObject({ attemptCount: 1, state: { status: 'succeeded' } });
      expect(world.plant.reports).toHaveLength(1);
    },
  );

  it('in the retry queue gives up its claim too: the slow queue need not wait for its end', async () => {
    const world = slowWorld((n) => (n === 1 ? taking(5, 500) : taking(29_000)));
    world.plant.othersWaiting = 100;
    await world.run();
    expect(world.requests.map(({ queue }) => queue)).toEqual(['normal', 'retry', 'slow']);
    const [, second, third] = world.requests;
    expect((third?.at ?? 0) - (second?.at ?? 0)).toBe(5_000);
    expect(world.item).toMatchObject({ attemptCount: 2, state: { status: 'succeeded' } });
  });

  it('changes nothing in the circuit, and gives the lease of a probe back', async () => {
    const circuitBreaker = { enabled: true, threshold: 1, timeout: 120_000 };
    const world = slowWorld((n) => (n === 1 ? taking(5, 500) : taking(29_000)), { circuitBreaker });
    world.plant.othersWaiting = 100;
    await world.run();
    expect(world.requests.map(({ queue }) => queue)).toEqual(['normal', 'retry', 'slow']);
    expect(world.circuit).toMatchObject({ state: 'closed', epoch: 1 });
    expect(world.announced).toEqual(['circuit.opened', 'circuit.closed']);
    expect(world.item).toMatchObject({ attemptCount: 2, state: { status: 'succeeded' } });
  });

  it('whatever crashes, waits and repeats, is settled in the end, and only whole requests are attempts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 80 }), { maxLength: 8 }),
        fc.array(fc.constantFrom(5, 1_500, 12_000, 30_000), { maxLength: 6 }),
        fc.constantFrom(0, 3, 50),
        fc.boolean(),
        async (crashes, durations, waiting, repeated) => {
          const world = slowWorld((n) => taking(durations[n - 1] ?? 5, n > durations.length ? 200 : 503), {
            crashAt: (step) => crashes.includes(step),
            circuitBreaker: { enabled: true, threshold: 1, timeout: 60_000 },
          });
          world.plant.othersWaiting = waiting;
          if (repeated) world.duplicate();
          await world.run();
          expect(world.item && isSettled(world.item.state)).toBe(true);
          expect(world.item?.attemptCount).toBeLessThanOrEqual(retryConfig.maxAttempts);
          expect(world.requests.length).toBeGreaterThanOrEqual(world.item?.attemptCount ?? 0);
        },
      ),
      { numRuns: 100 },
    );
  });
});
