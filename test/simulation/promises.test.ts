import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '#core/delivery/decide.ts';
import { isSettled, newDelivery } from '#core/delivery/delivery.ts';
import { eventId, OneDelivery } from './one-delivery.ts';
import { start } from './plant/plant.ts';
import { answered } from './plant/receivers.ts';
import { Posting } from './posting.ts';

// What Hook0 promises, each with a test that fails when the promise is broken: `npm run mutate` breaks them in turn.
// half-open.test.ts has promise 5, one probe; isolation.test.ts has promise 6; promises-content.test.ts has promises 7 to 9.
// test/e2e/policies.test.ts has promise 10 on the whole stack: what runs here is what deploys.

const event = '{"type":"order.created","payload":{"n":1.0}}';
const batch = `{"events":[${[event, '{"type":"bad type","payload":1}', event, event].join(',')}]}`;
const retries = { maxAttempts: 4, strategy: 'fixed', baseDelay: 1_000, jitter: false } as const;
const crashes = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 6 });

describe('promise 1: nothing accepted is lost', () => {
  it('whatever fails while an event is taken: a 202 is durable, and what is not gets a 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 12 })), async (failing) => {
        const world = new Posting({
          endpoints: 2,
          damageAt: (step) => (failing.includes(step) ? 'fails' : undefined),
        });
        const answer = await world.post('/api/events', event);
        expect([202, 500]).toContain(answer?.statusCode);
        await world.deliverAll();
        if (answer?.statusCode !== 202) return;
        expect(world.events).toHaveLength(1);
        // Delivered, or held for the scheduler to release.
        expect(world.deliveries).toHaveLength(2);
      }),
      { numRuns: 200 },
    );
  });

  it('and a batch tells the truth about each of its events', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 16 })), async (failing) => {
        const world = new Posting({
          endpoints: 2,
          damageAt: (step) => (failing.includes(step) ? 'fails' : undefined),
        });
        const answer = await world.post('/api/events/batch', batch);
        await world.deliverAll();
        if (answer?.statusCode !== 202) return;
        const { results } = JSON.parse(answer.body);
        expect(results).toHaveLength(4);
        expect(results[1]).toMatchObject({ success: false, error: { status: 400 } });
        for (const result of results) {
          if (!result.success) expect([400, 500]).toContain(result.error.status);
          else {
            const held = world.deliveries.filter(({ eventId }) => eventId === result.eventId);
            expect(held).toHaveLength(2);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('whatever dies while it is delivered: it ends settled, and a dead one leaves a dead letter', async () => {
    await fc.assert(
      fc.asyncProperty(
        crashes,
        // In the queue, and outside of it.
        fc.constantFrom(1_000, 120_000),
        fc.array(fc.constantFrom(200, 301, 404, 429, 500), { maxLength: 6 }),
        async (steps, baseDelay, answers) => {
          const world = new OneDelivery({
            retryConfig: { ...retries, baseDelay, maxDelay: baseDelay },
            receiver: (n) => answered(answers[n - 1] ?? 503),
            crashAt: (step) => steps.includes(step),
          });
          await world.run();
          expect(world.item && isSettled(world.item.state)).toBe(true);
          if (world.item?.state.status === 'dead') expect(world.deadLetters).not.toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('promise 2: at least once, recognisably', () => {
  it('every attempt carries the webhook-id of its event', async () => {
    await fc.assert(
      fc.asyncProperty(crashes, async (steps) => {
        const world = new OneDelivery({
          retryConfig: retries,
          receiver: (n) => answered(n < 4 ? 500 : 200),
          crashAt: (step) => steps.includes(step),
        });
        world.duplicate();
        await world.run();
        expect(world.requests.length).toBeGreaterThan(1);
        expect(new Set(world.requests.map(({ headers }) => headers['webhook-id']))).toEqual(
          new Set([eventId]),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('promise 3: a wait is not an attempt', () => {
  it('crashes, repeats and pauses spend none: only as many requests as configured exhaust it', async () => {
    await fc.assert(
      fc.asyncProperty(crashes, fc.boolean(), async (steps, pauses) => {
        const world = new OneDelivery({
          retryConfig: retries,
          receiver: () => answered(503),
          crashAt: (step) => steps.includes(step),
        });
        if (pauses) {
          world.pause();
          await world.run(3_600_000);
          expect(world.requests).toEqual([]);
          world.resume();
        }
        await world.run();
        expect(world.item).toMatchObject({
          attemptCount: retries.maxAttempts,
          state: { status: 'dead', reason: 'exhausted' },
        });
        expect(world.requests.length).toBeGreaterThanOrEqual(retries.maxAttempts);
        for (const [index, { headers }] of world.requests.entries())
          expect(Number(headers['X-Hook0-Attempt'])).toBeLessThanOrEqual(index + 1);
      }),
      { numRuns: 100 },
    );
  });
});

describe('promise 4: never early', () => {
  it('a message that comes early waits for what is left', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60_000 }), (early) => {
        const of = { applicationId: 'default', endpointId: 'ep_1', eventId, priority: 'normal' as const };
        const queued = { ...newDelivery(of, start), revision: 1 };
        const waiting = { ...queued, state: { status: 'queued' as const, dueAt: start + early } };
        const messageReceived = {
          ...{
            kind: 'message_received' as const,
            generation: 1,
            firstReceive: false,
            endpoint: 'active' as const,
          },
          claim: { id: 'claim', until: start + 90_000 },
          circuit: 'go' as const,
          divert: false,
        };
        expect(decide(waiting, messageReceived, start, 0).next).toEqual({
          kind: 'requeue',
          until: start + early,
        });
        expect(decide(waiting, messageReceived, start + early, 0).next).toEqual({ kind: 'attempt' });
      }),
    );
  });

  it('no request starts before the backoff or the Retry-After of the attempt before it', async () => {
    await fc.assert(
      fc.asyncProperty(
        crashes,
        fc.constantFrom(1_000, 59_000, 61_000, 3_600_000),
        fc.option(fc.integer({ min: 0, max: 7_200_000 }), { nil: undefined }),
        fc.float({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (steps, baseDelay, retryAfter, random) => {
          const world = new OneDelivery({
            retryConfig: { maxAttempts: 4, strategy: 'fixed', baseDelay, maxDelay: 3_600_000 },
            receiver: () => answered(429, retryAfter),
            crashAt: (step) => steps.includes(step),
            random: () => random,
          });
          await world.run();
          const attempts = world.item?.attempts ?? [];
          expect(attempts).toHaveLength(4);
          for (const { startedAt, duration, nextAttemptAt } of attempts.slice(0, -1)) {
            const wait = Math.max(0.9 * baseDelay, retryAfter ?? 0);
            expect(nextAttemptAt).toBeGreaterThanOrEqual(Math.floor(startedAt + duration + wait));
            for (const { at } of world.requests)
              if (at > startedAt) expect(at).toBeGreaterThanOrEqual(nextAttemptAt ?? Infinity);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
