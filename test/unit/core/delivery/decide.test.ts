import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestResult } from '#core/attempt/outcome.ts';
import { decide } from '#core/delivery/decide.ts';
import type { Next } from '#core/delivery/decision.ts';
import { isSettled } from '#core/delivery/delivery.ts';
import type { Fact } from '#core/delivery/fact.ts';
import { effectiveRetryPolicy, plannedDelay } from '#core/retry/retry-policy.ts';
import { anyStored, noon } from '#test/support/deliveries.ts';
import { answer, attempted, hour, messageReceived, noAnswer, unstored } from '#test/support/facts.ts';

/** What sends the delivery on its way to a request. */
const goes: readonly Next['kind'][] = ['attempt', 'take_probe'];

const anyResult: fc.Arbitrary<RequestResult> = fc.oneof(
  fc.constant(noAnswer),
  fc.constant<RequestResult>({ kind: 'failed', errorClass: 'forbidden_target', error: 'no', duration: 1 }),
  fc
    .tuple(
      fc.constantFrom(200, 204, 302, 404, 408, 410, 429, 500, 503),
      fc.option(fc.integer({ min: 0, max: 2 * 24 * hour }), { nil: undefined }),
    )
    .map(([status, retryAfter]) => answer(status, retryAfter)),
);

const anyPolicy = fc.oneof(
  fc.constant(effectiveRetryPolicy('standard')),
  fc
    .record({
      maxAttempts: fc.integer({ min: 1, max: 6 }),
      strategy: fc.constantFrom('exponential' as const, 'linear' as const, 'fixed' as const),
      baseDelay: fc.integer({ min: 0, max: 120_000 }),
      maxDelay: fc.integer({ min: 0, max: hour }),
      jitter: fc.boolean(),
    })
    .map(effectiveRetryPolicy),
);

const anyAttempted = fc.record({
  kind: fc.constant('attempted' as const),
  generation: fc.integer({ min: 1, max: 2 }),
  claimId: fc.constantFrom('mine', 'theirs'),
  endpointSince: fc.constant(0),
  startedAt: fc.constant(noon),
  result: anyResult,
  policy: anyPolicy,
});

const anyWait: fc.Arbitrary<Fact> = fc.oneof(
  fc
    .record({
      generation: fc.integer({ min: 1, max: 4 }),
      firstReceive: fc.boolean(),
      endpoint: fc.constantFrom(
        'active' as const,
        'paused' as const,
        'disabled' as const,
        'deleted' as const,
      ),
      circuit: fc.constantFrom('go' as const, 'probe' as const, 'wait' as const),
      divert: fc.boolean(),
    })
    .map(messageReceived),
  fc.constantFrom<Fact>(
    { kind: 'superseded' },
    { kind: 'preempted', claimId: 'mine', isProbe: false },
    { kind: 'requeued', claimId: 'mine' },
    { kind: 'released' },
    { kind: 'event_missing' },
    { kind: 'hold_expired' },
  ),
);

const anyDelivery = fc.oneof(anyStored, fc.constant(unstored));
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const moment = fc.integer({ min: noon - 2_000_000, max: noon + 2_000_000 });

describe('whatever happens', () => {
  it('no attempt comes before its jittered backoff or the Retry-After', () => {
    fc.assert(
      fc.property(anyDelivery, anyAttempted, moment, chance, (delivery, fact, now, random) => {
        const { store, next } = decide(delivery, fact, now, random);
        // Another function attempts it, and its outcome says when it is due.
        if (!store || isSettled(store.state) || store.state.status === 'attempting') return;
        const dueAt = 'dueAt' in store.state ? (store.state.dueAt ?? 0) : 0;
        const planned = plannedDelay(fact.policy, store.attemptCount);
        // Half a millisecond is what rounding to whole ones may take.
        expect(dueAt).toBeGreaterThanOrEqual(now + planned * 0.9 - 0.5);
        const { result } = fact;
        if (result.kind === 'answered' && (result.statusCode === 429 || result.statusCode === 503)) {
          expect(dueAt).toBeGreaterThanOrEqual(now + Math.min(result.retryAfter ?? 0, 24 * hour));
        }
        if (next.kind === 'requeue') expect(next.until).toBeGreaterThanOrEqual(dueAt);
      }),
    );
  });

  it('a wait is no attempt, and never brings the next one nearer', () => {
    fc.assert(
      fc.property(anyDelivery, anyWait, moment, (delivery, fact, now) => {
        const { store, commands, next } = decide(delivery, fact, now, 0);
        expect((store ?? delivery).attemptCount).toBe(delivery.attemptCount);
        expect((store ?? delivery).attempts).toEqual(delivery.attempts);
        const { state } = delivery;
        // A slot is reserved only by what is due already.
        const isDue = 'slot' in state && state.slot !== undefined;
        const dueAt = 'dueAt' in state && !isDue ? (state.dueAt ?? 0) : 0;
        if (goes.includes(next.kind)) expect(dueAt).toBeLessThanOrEqual(now);
        if (store && 'dueAt' in store.state) expect(store.state.dueAt).toBeGreaterThanOrEqual(dueAt);
        for (const command of commands) {
          if (command.kind === 'wake') expect(now + command.delay).toBeGreaterThanOrEqual(dueAt);
        }
      }),
    );
  });

  it('an attempt happens only without a live claim of another function, and to an active endpoint', () => {
    fc.assert(
      fc.property(anyDelivery, anyWait, moment, (delivery, fact, now) => {
        if (!goes.includes(decide(delivery, fact, now, 0).next.kind)) return;
        expect(fact).toMatchObject({ kind: 'message_received', endpoint: 'active' });
        expect('circuit' in fact && fact.circuit).not.toBe('wait');
        expect(isSettled(delivery.state)).toBe(false);
        if (delivery.state.status === 'attempting') expect(delivery.state.until).toBeLessThanOrEqual(now);
      }),
    );
  });

  it('a stored delivery grows by one revision and keeps who it is', () => {
    fc.assert(
      fc.property(
        anyDelivery,
        fc.oneof(anyAttempted, anyWait),
        moment,
        chance,
        (delivery, fact, now, random) => {
          const { store } = decide(delivery, fact, now, random);
          if (!store) return;
          const { state, revision, attempts, attemptCount, quarantines, ...identity } = store;
          expect(revision).toBe(delivery.revision + 1);
          expect(delivery).toMatchObject(identity);
          expect(attemptCount - delivery.attemptCount).toBe(fact.kind === 'attempted' ? 1 : 0);
        },
      ),
    );
  });

  it('a success settles as succeeded, from any state', () => {
    fc.assert(
      fc.property(anyDelivery, anyPolicy, moment, (delivery, policy, now) => {
        const { store, next } = decide(delivery, attempted(answer(200), policy), now, 0);
        expect((store ?? delivery).state.status).toBe('succeeded');
        expect(next).toEqual({ kind: 'acknowledge' });
      }),
    );
  });

  it('what is settled stays as it is, unless it succeeds after all', () => {
    const anyFact = fc.oneof(anyAttempted, anyWait);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyFact, fc.nat(100_000), chance), { maxLength: 30, size: 'max' }),
        (facts) => {
          let delivery = unstored;
          let now = noon;
          const settlements: string[] = [];
          for (const [fact, passed, random] of facts) {
            now += passed;
            const { store } = decide(delivery, fact, now, random);
            if (store && isSettled(store.state)) settlements.push(store.state.status);
            if (store && isSettled(delivery.state)) expect(store.state.status).toBe('succeeded');
            delivery = store ?? delivery;
          }
          expect(settlements.length).toBeLessThanOrEqual(2);
          if (settlements.length === 2) expect(settlements[1]).toBe('succeeded');
          expect(delivery.revision).toBeLessThanOrEqual(facts.length);
        },
      ),
    );
  });

  it('never more attempts fail than the policy allows', () => {
    fc.assert(
      fc.property(anyPolicy, chance, (policy, random) => {
        let delivery = unstored;
        let now = noon;
        let requests = 0;
        while (!isSettled(delivery.state) && requests < 100) {
          requests += 1;
          const fact = { ...attempted(answer(500), policy), startedAt: now };
          delivery = decide(delivery, fact, now, random).store ?? delivery;
          now += hour;
        }
        expect(delivery.state).toMatchObject({ status: 'dead', reason: 'exhausted' });
        expect(requests).toBe(policy.maxAttempts);
      }),
    );
  });

  it('a message is given up only when the delivery is settled, held, or woken again', () => {
    fc.assert(
      fc.property(
        anyDelivery,
        fc.oneof(anyAttempted, anyWait),
        moment,
        chance,
        (delivery, fact, now, random) => {
          const { store, commands, next } = decide(delivery, fact, now, random);
          // The scheduler finds holds that expired, so there is no message to give up.
          if (next.kind !== 'acknowledge' || fact.kind === 'hold_expired') return;
          const { state } = store ?? delivery;
          const isOld = 'generation' in fact && fact.generation < delivery.generation;
          const isWokenAgain = commands.some(({ kind }) => kind === 'wake' || kind === 'divert');
          expect(isSettled(state) || state.status === 'held' || isOld || isWokenAgain).toBe(true);
        },
      ),
    );
  });
});
