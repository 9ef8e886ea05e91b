import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSettled } from '#core/delivery/delivery.ts';
import { OneDelivery } from './one-delivery.ts';
import { answered } from './plant/receivers.ts';

const minute = 60_000;
const retries = { maxAttempts: 4, strategy: 'fixed', baseDelay: 20_000, jitter: false } as const;

describe('a delivery of an endpoint that is slow, limited, failing and paused, all at once', () => {
  it('settles, is never early, and spends an attempt only on a request, whatever crashes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { maxLength: 6 }),
        fc.array(
          fc.record({
            status: fc.constantFrom(200, 429, 500, 503),
            duration: fc.constantFrom(5, 1_500, 12_000, 29_000),
          }),
          { maxLength: 6 },
        ),
        // How many messages wait, which cuts off a request that hangs.
        fc.constantFrom(0, 1, 10),
        fc.array(fc.integer({ min: 1, max: 20 * minute }), { maxLength: 3 }),
        fc.boolean(),
        async (crashes, answers, waiting, pauses, isRepeated) => {
          const world = new OneDelivery({
            retryConfig: retries,
            rateLimit: { perSecond: 1 },
            circuitBreaker: { enabled: true, threshold: 1, timeout: 30_000 },
            crashAt: (step) => crashes.includes(step),
            receiver: (n) => {
              const { status, duration } = answers[n - 1] ?? { status: 200, duration: 5 };
              return { ...answered(status), duration };
            },
          });
          world.plant.othersWaiting = waiting;
          if (isRepeated) world.duplicate();
          for (const at of pauses.toSorted((a, b) => a - b)) {
            await world.run(at);
            world.pause();
            await world.run(at + minute);
            world.resume();
          }
          await world.run();
          const { item } = world;
          expect(item && isSettled(item.state)).toBe(true);
          // Each request that was not cut off or lost by a crash is an attempt, and nothing else is.
          expect(item?.attemptCount).toBeLessThanOrEqual(world.requests.length);
          // Only a repeated first message may be early, because it is attempted before its item is read.
          if (isRepeated) return;
          for (const { attempts } of world.history) {
            const { startedAt = 0, nextAttemptAt = 0 } = attempts.at(-1) ?? {};
            const early = world.requests.filter(({ at }) => at > startedAt && at < nextAttemptAt);
            expect(early).toEqual([]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
