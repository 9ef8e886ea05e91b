import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestResult } from '#core/attempt/outcome.ts';
import { decide, longestQueuedWait } from '#core/delivery/decide.ts';
import { type Delivery, isSettled } from '#core/delivery/delivery.ts';
import type { Decision, Fact } from '#core/delivery/fact.ts';
import { effectiveRetryPolicy, plannedDelay } from '#core/retry/retry-policy.ts';
import { anyStored, deliveryOf, movedTo, noon } from '#test/support/deliveries.ts';

const hour = 60 * 60_000;
const claim = { id: 'mine', until: noon + 35_000 };
const acknowledged: Decision = { commands: [], message: 'acknowledge' };

const messageReceived = (change: Partial<Extract<Fact, { kind: 'message_received' }>> = {}): Fact => ({
  kind: 'message_received',
  generation: 1,
  firstReceive: false,
  endpoint: 'active',
  circuit: 'go',
  divert: false,
  claim,
  ...change,
});

const answer = (statusCode: number, retryAfter?: number): RequestResult => ({
  kind: 'answered',
  statusCode,
  responseHeaders: {},
  responseBody: '',
  duration: 90,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

const noAnswer: RequestResult = {
  kind: 'failed',
  errorClass: 'timeout',
  error: 'no answer in 30 s',
  duration: 30_000,
};

const attempted = (
  result: RequestResult,
  policy = effectiveRetryPolicy({ maxAttempts: 3, baseDelay: 1_000, maxDelay: hour, jitter: false }),
): Fact => ({ kind: 'attempted', startedAt: noon - 90, result, policy });

const given = (delivery: Delivery) => ({
  when: (fact: Fact, now = noon, random = 0.5) => decide(delivery, fact, now, random),
});

const unstored = deliveryOf({ createdAt: noon - 1_000 });
const queued = movedTo(unstored, { status: 'queued', dueAt: noon });
const attempting = movedTo(unstored, { status: 'attempting', claimId: 'theirs', until: noon + 10_000 });
const dead = movedTo(unstored, { status: 'dead', settledAt: noon - 5, reason: 'refused' });
const succeeded = movedTo(unstored, { status: 'succeeded', settledAt: noon - 5 });
const held = movedTo(unstored, { status: 'held', heldFor: 'backoff', since: noon - 5, dueAt: noon + hour });

describe('given a delivery without an item', () => {
  it('when its first message comes, attempts without a claim', () => {
    expect(given(unstored).when(messageReceived({ firstReceive: true }))).toEqual({
      commands: [],
      message: 'attempt',
    });
  });

  it('when its message was received before, claims first', () => {
    expect(given(unstored).when(messageReceived())).toEqual({
      store: movedTo(unstored, { status: 'attempting', claimId: 'mine', until: claim.until }),
      commands: [],
      message: 'attempt',
    });
  });

  it('when its endpoint is paused, holds it and spends no attempt', () => {
    const { store, commands, message } = given(unstored).when(
      messageReceived({ firstReceive: true, endpoint: 'paused' }),
    );
    expect(store).toMatchObject({
      revision: 1,
      attemptCount: 0,
      state: { status: 'held', heldFor: 'paused' },
    });
    expect({ commands, message }).toEqual(acknowledged);
  });

  it.each([
    ['deleted', 'endpoint_deleted'],
    ['disabled', 'endpoint_disabled'],
  ] as const)('when its endpoint is %s, cancels it', (endpoint, reason) => {
    expect(given(unstored).when(messageReceived({ firstReceive: true, endpoint }))).toEqual({
      store: movedTo(unstored, { status: 'cancelled', settledAt: noon, reason }),
      ...acknowledged,
    });
  });

  it('when the first attempt succeeds, settles it in one write', () => {
    const { store, commands, message } = given(unstored).when(attempted(answer(204)));
    expect(store).toMatchObject({
      revision: 1,
      attemptCount: 1,
      state: { status: 'succeeded', settledAt: noon },
      attempts: [
        { number: 1, generation: 1, startedAt: noon - 90, duration: 90, success: true, statusCode: 204 },
      ],
    });
    expect({ commands, message }).toEqual(acknowledged);
  });
});

describe('given a slow endpoint and a queue that diverts its deliveries', () => {
  const diverted: Decision = { commands: [{ kind: 'divert' }], message: 'acknowledge' };
  const divert = true;

  it.each([
    ['a first message', unstored, { firstReceive: true }],
    ['a repeated one', unstored, {}],
    ['a due retry', queued, {}],
    ['a probe', queued, { circuit: 'probe' as const }],
    ['a claim that ran out', movedTo(unstored, { status: 'attempting', claimId: 'x', until: noon }), {}],
  ])('when %s comes, diverts it and stores nothing', (_, delivery, change) => {
    expect(given(delivery).when(messageReceived({ ...change, divert }))).toEqual(diverted);
  });

  it.each([
    ['what is not due', movedTo(unstored, { status: 'queued', dueAt: noon + 1 }), {}],
    ['what is being attempted', attempting, {}],
    ['what is settled', succeeded, {}],
    ['what its circuit holds', queued, { circuit: 'wait' as const }],
    ['what a pause holds', queued, { endpoint: 'paused' as const }],
    ['what its endpoint takes no more', queued, { endpoint: 'disabled' as const }],
  ])('does not divert %s', (_, delivery, change) => {
    const decided = given(delivery).when(messageReceived({ ...change, divert }));
    expect(decided).toEqual(given(delivery).when(messageReceived(change)));
    expect(decided.commands).not.toContainEqual({ kind: 'divert' });
  });

  const preempted: Fact = { kind: 'preempted', claimId: 'mine' };

  it('when a first request was preempted, diverts it as it is', () => {
    expect(given(unstored).when(preempted)).toEqual(diverted);
  });

  it('when a claimed one was, gives the claim up and spends no attempt', () => {
    const claimed = movedTo(unstored, { status: 'attempting', claimId: 'mine', until: noon + 40_000 });
    expect(given(claimed).when(preempted)).toEqual({
      ...diverted,
      store: movedTo(claimed, { status: 'queued', dueAt: noon }),
    });
  });

  it('when somebody else moved it meanwhile, follows what stands', () => {
    expect(given(attempting).when(preempted)).toEqual({
      commands: [],
      message: { waitUntil: noon + 10_000 },
    });
    expect(given(succeeded).when(preempted)).toEqual(acknowledged);
    expect(given(held).when(preempted)).toEqual(acknowledged);
  });
});

describe('given a delivery whose endpoint stopped taking them while it waited for its slot', () => {
  const requeued: Fact = { kind: 'requeued', claimId: 'mine' };

  it('has it come again at once, without an item if it had none', () => {
    expect(given(unstored).when(requeued)).toEqual({ commands: [], message: { waitUntil: noon } });
  });

  it('gives its claim up and spends no attempt', () => {
    const claimed = movedTo(unstored, { status: 'attempting', claimId: 'mine', until: noon + 40_000 });
    expect(given(claimed).when(requeued)).toEqual({
      store: movedTo(claimed, { status: 'queued', dueAt: noon }),
      ...{ commands: [], message: { waitUntil: noon } },
    });
  });

  it('when somebody else moved it meanwhile, follows what stands', () => {
    expect(given(attempting).when(requeued)).toEqual({ commands: [], message: { waitUntil: noon + 10_000 } });
    expect(given(succeeded).when(requeued)).toEqual(acknowledged);
    expect(given(held).when(requeued)).toEqual(acknowledged);
  });
});

describe('given a queued delivery', () => {
  it('when woken early, waits for the rest', () => {
    const early = movedTo(unstored, { status: 'queued', dueAt: noon + 700 });
    expect(given(early).when(messageReceived())).toEqual({
      commands: [],
      message: { waitUntil: noon + 700 },
    });
  });

  it('when woken in time, claims and attempts', () => {
    expect(given(queued).when(messageReceived())).toEqual({
      store: movedTo(queued, { status: 'attempting', claimId: 'mine', until: claim.until }),
      commands: [],
      message: 'attempt',
    });
  });

  it('when woken by what calls itself a first message, claims nevertheless', () => {
    expect(given(queued).when(messageReceived({ firstReceive: true })).store?.state.status).toBe(
      'attempting',
    );
  });

  it('when woken by a message of an older generation, leaves it to the newer one', () => {
    expect(given({ ...queued, generation: 2 }).when(messageReceived())).toEqual(acknowledged);
  });

  it('when paused early, keeps the time before which it must not go', () => {
    const early = movedTo(unstored, { status: 'queued', dueAt: noon + hour });
    const paused = given(early).when(messageReceived({ endpoint: 'paused' })).store;
    expect(paused?.state).toEqual({ status: 'held', heldFor: 'paused', since: noon, dueAt: noon + hour });
    const released = paused && given(paused).when({ kind: 'released' }, noon + 5);
    expect(released?.store?.state).toEqual({ status: 'queued', dueAt: noon + hour });
    expect(released?.commands).toEqual([{ kind: 'wake', delay: hour - 5 }]);
  });
});

describe('given a delivery that somebody is attempting', () => {
  it('when woken, waits until the claim has ended', () => {
    expect(given(attempting).when(messageReceived())).toEqual({
      commands: [],
      message: { waitUntil: noon + 10_000 },
    });
  });

  it('when woken after the claim has ended, claims it anew', () => {
    const { store, message } = given(attempting).when(messageReceived(), noon + 10_000);
    expect(store?.state).toMatchObject({ status: 'attempting', claimId: 'mine' });
    expect(store?.attemptCount).toBe(attempting.attemptCount);
    expect(message).toBe('attempt');
  });

  it('when a failed attempt was superseded by it, waits and records nothing', () => {
    expect(given(attempting).when({ kind: 'superseded' })).toEqual({
      commands: [],
      message: { waitUntil: noon + 10_000 },
    });
  });
});

describe('given a failed attempt', () => {
  it('waits in the queue when the backoff is short', () => {
    const { store, commands, message } = given(queued).when(attempted(noAnswer));
    expect(store).toMatchObject({
      attemptCount: 1,
      state: { status: 'queued', dueAt: noon + 1_000 },
      attempts: [{ success: false, retryable: true, errorClass: 'timeout', nextAttemptAt: noon + 1_000 }],
    });
    expect({ commands, message }).toEqual({ commands: [], message: { waitUntil: noon + 1_000 } });
  });

  it.each([
    [longestQueuedWait, 'queued'],
    [longestQueuedWait + 1, 'held'],
  ])('of %i ms backoff is %s', (schedule, status) => {
    const policy = effectiveRetryPolicy({ strategy: 'custom', schedule: [schedule] });
    const { store, message } = given(queued).when(attempted(answer(500), policy));
    expect(store?.state).toMatchObject({ status, dueAt: noon + schedule });
    expect(message).toEqual(status === 'queued' ? { waitUntil: noon + schedule } : 'acknowledge');
  });

  it.each([
    [5_000, 5_000],
    [10, 1_000],
    [48 * hour, 24 * hour],
  ])('with Retry-After %i ms waits %i ms: never less than planned, at most a day', (retryAfter, expected) => {
    const { store } = given(queued).when(attempted(answer(429, retryAfter)));
    expect(store?.state).toMatchObject({ dueAt: noon + expected });
  });

  it('that was the last one kills it and sends a dead letter', () => {
    const { store, commands, message } = given({ ...queued, attemptCount: 2 }).when(attempted(answer(500)));
    expect(store).toMatchObject({
      attemptCount: 3,
      state: { status: 'dead', reason: 'exhausted', settledAt: noon },
    });
    expect(store?.attempts.at(-1)).toMatchObject({ number: 3, success: false, retryable: false });
    expect({ commands, message }).toEqual({
      commands: [{ kind: 'dead-letter', reason: 'exhausted' }],
      message: 'acknowledge',
    });
  });

  it('that was refused kills it at once', () => {
    const { store, commands } = given(queued).when(attempted(answer(404)));
    expect(store?.state).toEqual({ status: 'dead', settledAt: noon, reason: 'refused' });
    expect(commands).toEqual([{ kind: 'dead-letter', reason: 'refused' }]);
  });

  it('with 410 kills it and disables the endpoint', () => {
    const { store, commands } = given(queued).when(attempted(answer(410)));
    expect(store?.state).toMatchObject({ status: 'dead', reason: 'gone' });
    expect(commands).toEqual([
      { kind: 'disable-endpoint', reason: '410_gone', asOf: expect.any(Number) },
      { kind: 'dead-letter', reason: 'gone' },
    ]);
    // A message that comes again, after a crash perhaps, carries them out again.
    expect(store && given(store).when(messageReceived()).commands).toEqual(commands);
  });

  it('of a delivery that was settled meanwhile changes nothing', () => {
    expect(given(succeeded).when(attempted(answer(500)))).toEqual(acknowledged);
    expect(given(succeeded).when({ kind: 'superseded' })).toEqual(acknowledged);
  });
});

describe('given an open circuit', () => {
  it.each([
    ['a first one', unstored, true],
    ['a queued one', queued, false],
    ['one whose claim has ended', { ...attempting, state: { ...attempting.state, until: noon } }, false],
  ])('holds %s without spending an attempt', (_, delivery, firstReceive) => {
    expect(given(delivery).when(messageReceived({ circuit: 'wait', firstReceive }))).toEqual({
      store: movedTo(delivery, { status: 'held', heldFor: 'circuit', since: noon }),
      ...acknowledged,
    });
  });

  it('leaves a backoff to stand beside it: what is not due waits where it is', () => {
    const early = movedTo(unstored, { status: 'queued', dueAt: noon + 700 });
    expect(given(early).when(messageReceived({ circuit: 'wait' })).message).toEqual({
      waitUntil: noon + 700,
    });
  });

  it('lets a probe go on like any attempt, and holds the one that did not get the lease', () => {
    expect(given(queued).when(messageReceived({ circuit: 'probe' })).message).toBe('attempt');
    const mine = movedTo(queued, { status: 'attempting', claimId: 'mine', until: claim.until });
    const probeDenied: Fact = { kind: 'probe_denied', claimId: 'mine' };
    for (const one of [mine, unstored]) {
      expect(given(one).when(probeDenied)).toEqual({
        store: movedTo(one, { status: 'held', heldFor: 'circuit', since: noon }),
        ...acknowledged,
      });
    }
    expect(given(attempting).when(probeDenied)).toEqual({
      commands: [],
      message: { waitUntil: noon + 10_000 },
    });
    for (const settled of [succeeded, dead, held])
      expect(given(settled).when(probeDenied)).toEqual(acknowledged);
  });

  it('keeps the backoff of a delivery that somebody else attempted while this one asked for the lease', () => {
    const failed = movedTo(queued, { status: 'queued', dueAt: noon + 50_000 });
    expect(given(failed).when({ kind: 'probe_denied', claimId: 'mine' })).toEqual({
      store: movedTo(failed, { status: 'held', heldFor: 'circuit', since: noon, dueAt: noon + 50_000 }),
      ...acknowledged,
    });
  });
});

describe('given a hold without a time', () => {
  const day = 24 * hour;
  it.each(['paused', 'circuit'] as const)('for %s ends it after 14 days, not before', (heldFor) => {
    const waiting = movedTo(unstored, { status: 'held', heldFor, since: noon - 14 * day });
    expect(given(waiting).when({ kind: 'hold_expired' }, noon - 1)).toEqual(acknowledged);
    expect(given(waiting).when({ kind: 'hold_expired' })).toEqual({
      store: movedTo(waiting, { status: 'cancelled', settledAt: noon, reason: 'expired' }),
      ...acknowledged,
    });
  });

  it('leaves one that waits for its time', () => {
    const scheduled = movedTo(unstored, {
      status: 'held',
      heldFor: 'scheduled',
      since: noon - 29 * day,
      dueAt: noon + day,
    });
    expect(given(scheduled).when({ kind: 'hold_expired' })).toEqual(acknowledged);
  });
});

describe('given a held delivery', () => {
  it('when woken, stays held: whoever holds it releases it', () => {
    expect(given(held).when(messageReceived())).toEqual(acknowledged);
    expect(given(held).when({ kind: 'superseded' })).toEqual(acknowledged);
  });

  it('when released early, is queued for its time', () => {
    expect(given(held).when({ kind: 'released' })).toEqual({
      store: movedTo(held, { status: 'queued', dueAt: noon + hour }),
      commands: [{ kind: 'wake', delay: hour }],
      message: 'acknowledge',
    });
  });

  it('when released late, is queued at once', () => {
    const { store, commands } = given(held).when({ kind: 'released' }, noon + 2 * hour);
    expect(store?.state).toEqual({ status: 'queued', dueAt: noon + 2 * hour });
    expect(commands).toEqual([{ kind: 'wake', delay: 0 }]);
  });

  it('when its event is gone, is cancelled', () => {
    expect(given(held).when({ kind: 'event_missing' }).store?.state).toEqual({
      status: 'cancelled',
      settledAt: noon,
      reason: 'event_deleted',
    });
  });
});

describe('given a settled delivery', () => {
  it('when woken, acknowledges', () => {
    expect(given(succeeded).when(messageReceived())).toEqual(acknowledged);
    expect(given(succeeded).when({ kind: 'released' })).toEqual(acknowledged);
    expect(given(succeeded).when({ kind: 'event_missing' })).toEqual(acknowledged);
  });

  it('that is dead, when woken, sends its dead letter again: the crash may have come before it', () => {
    expect(given(dead).when(messageReceived())).toEqual({
      commands: [{ kind: 'dead-letter', reason: 'refused' }],
      message: 'acknowledge',
    });
  });

  it('when a late attempt succeeds after all, has succeeded', () => {
    expect(given(dead).when(attempted(answer(200))).store).toMatchObject({
      revision: dead.revision + 1,
      state: { status: 'succeeded', settledAt: noon },
    });
    expect(given(succeeded).when(attempted(answer(200)))).toEqual(acknowledged);
  });
});

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
    { kind: 'preempted', claimId: 'mine' },
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
        const { store, message } = decide(delivery, fact, now, random);
        if (!store || isSettled(store.state)) return;
        const dueAt = 'dueAt' in store.state ? (store.state.dueAt ?? 0) : 0;
        const planned = plannedDelay(fact.policy, store.attemptCount);
        // Half a millisecond is what rounding to whole ones may take.
        expect(dueAt).toBeGreaterThanOrEqual(now + planned * 0.9 - 0.5);
        const { result } = fact;
        if (result.kind === 'answered' && (result.statusCode === 429 || result.statusCode === 503)) {
          expect(dueAt).toBeGreaterThanOrEqual(now + Math.min(result.retryAfter ?? 0, 24 * hour));
        }
        if (typeof message === 'object' && 'waitUntil' in message)
          expect(message.waitUntil).toBeGreaterThanOrEqual(dueAt);
      }),
    );
  });

  it('a wait is no attempt, and never brings the next one nearer', () => {
    fc.assert(
      fc.property(anyDelivery, anyWait, moment, (delivery, fact, now) => {
        const { store, commands, message } = decide(delivery, fact, now, 0);
        expect((store ?? delivery).attemptCount).toBe(delivery.attemptCount);
        expect((store ?? delivery).attempts).toEqual(delivery.attempts);
        const { state } = delivery;
        // A place in line is reserved by what is due already.
        const isDue = 'slot' in state && state.slot !== undefined;
        const dueAt = 'dueAt' in state && !isDue ? (state.dueAt ?? 0) : 0;
        if (message === 'attempt') expect(dueAt).toBeLessThanOrEqual(now);
        if (store && 'dueAt' in store.state) expect(store.state.dueAt).toBeGreaterThanOrEqual(dueAt);
        for (const command of commands) {
          if (command.kind === 'wake') expect(now + command.delay).toBeGreaterThanOrEqual(dueAt);
        }
      }),
    );
  });

  it('an attempt happens only without a live claim of somebody else, and to an active endpoint', () => {
    fc.assert(
      fc.property(anyDelivery, anyWait, moment, (delivery, fact, now) => {
        if (decide(delivery, fact, now, 0).message !== 'attempt') return;
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
          const { state, revision, attempts, attemptCount, ...identity } = store;
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
        const { store, message } = decide(delivery, attempted(answer(200), policy), now, 0);
        expect((store ?? delivery).state.status).toBe('succeeded');
        expect(message).toBe('acknowledge');
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
          delivery = decide(delivery, attempted(answer(500), policy), now, random).store ?? delivery;
          now += hour;
        }
        expect(delivery.state).toMatchObject({ status: 'dead', reason: 'exhausted' });
        expect(requests).toBe(policy.maxAttempts);
      }),
    );
  });

  it('a message is given up only when the delivery is settled, held, or somebody else woke it', () => {
    fc.assert(
      fc.property(
        anyDelivery,
        fc.oneof(anyAttempted, anyWait),
        moment,
        chance,
        (delivery, fact, now, random) => {
          const { store, commands, message } = decide(delivery, fact, now, random);
          // The scheduler tells of what a hold has outlived, and no message is there to be given up.
          if (message !== 'acknowledge' || fact.kind === 'hold_expired') return;
          const { state } = store ?? delivery;
          const isOld = fact.kind === 'message_received' && fact.generation < delivery.generation;
          const isWokenAgain = commands.some(({ kind }) => kind === 'wake' || kind === 'divert');
          expect(isSettled(state) || state.status === 'held' || isOld || isWokenAgain).toBe(true);
        },
      ),
    );
  });
});
