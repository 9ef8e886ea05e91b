import { describe, expect, it } from 'vitest';
import { longestQueuedWait } from '#core/delivery/decision.ts';
import type { Fact } from '#core/delivery/fact.ts';
import { effectiveRetryPolicy } from '#core/retry/retry-policy.ts';
import { movedTo, noon } from '#test/support/deliveries.ts';
import {
  acknowledged,
  answer,
  attempted,
  attempting,
  claim,
  dead,
  given,
  held,
  hour,
  messageReceived,
  noAnswer,
  queued,
  succeeded,
  unstored,
} from '#test/support/facts.ts';

describe('given a delivery whose endpoint stopped taking them while it waited for its slot', () => {
  const requeued: Fact = { kind: 'requeued', claimId: 'mine' };

  it('has it come again at once, without an item if it had none', () => {
    expect(given(unstored).when(requeued)).toEqual({ commands: [], next: { kind: 'requeue', until: noon } });
  });

  it('gives its claim up and spends no attempt', () => {
    const claimed = movedTo(unstored, { status: 'attempting', claimId: 'mine', until: noon + 40_000 });
    expect(given(claimed).when(requeued)).toEqual({
      store: movedTo(claimed, { status: 'queued', dueAt: noon }),
      ...{ commands: [], next: { kind: 'requeue', until: noon } },
    });
  });

  it('when another function moved it meanwhile, follows what stands', () => {
    expect(given(attempting).when(requeued)).toEqual({
      commands: [],
      next: { kind: 'requeue', until: noon + 10_000 },
    });
    expect(given(succeeded).when(requeued)).toEqual(acknowledged);
    expect(given(held).when(requeued)).toEqual(acknowledged);
  });
});

describe('given a failed attempt', () => {
  it('waits in the queue when the backoff is short', () => {
    const { store, commands, next } = given(queued).when(attempted(noAnswer));
    expect(store).toMatchObject({
      attemptCount: 1,
      state: { status: 'queued', dueAt: noon + 1_000 },
      attempts: [{ success: false, retryable: true, errorClass: 'timeout', nextAttemptAt: noon + 1_000 }],
    });
    expect({ commands, next }).toEqual({ commands: [], next: { kind: 'requeue', until: noon + 1_000 } });
  });

  it.each([
    [longestQueuedWait, 'queued'],
    [longestQueuedWait + 1, 'held'],
  ])('of %i ms backoff is %s', (schedule, status) => {
    const policy = effectiveRetryPolicy({ strategy: 'custom', schedule: [schedule] });
    const { store, next } = given(queued).when(attempted(answer(500), policy));
    expect(store?.state).toMatchObject({ status, dueAt: noon + schedule });
    expect(next).toEqual(
      status === 'queued' ? { kind: 'requeue', until: noon + schedule } : { kind: 'acknowledge' },
    );
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
    const { store, commands, next } = given({ ...queued, attemptCount: 2 }).when(attempted(answer(500)));
    expect(store).toMatchObject({
      attemptCount: 3,
      state: { status: 'dead', reason: 'exhausted', settledAt: noon },
    });
    expect(store?.attempts.at(-1)).toMatchObject({ number: 3, success: false, retryable: false });
    expect({ commands, next }).toEqual({
      commands: [{ kind: 'dead-letter', generation: 1, reason: 'exhausted' }],
      next: { kind: 'acknowledge' },
    });
  });

  it('that was refused kills it at once', () => {
    const { store, commands } = given(queued).when(attempted(answer(404)));
    expect(store?.state).toEqual({ status: 'dead', settledAt: noon, reason: 'refused' });
    expect(commands).toEqual([{ kind: 'dead-letter', generation: 1, reason: 'refused' }]);
  });

  it('with 410 kills it and disables the endpoint', () => {
    const { store, commands } = given(queued).when(attempted(answer(410)));
    expect(store?.state).toMatchObject({ status: 'dead', reason: 'gone' });
    expect(commands).toEqual([
      { kind: 'disable-endpoint', reason: '410_gone', asOf: expect.any(Number) },
      { kind: 'dead-letter', generation: 1, reason: 'gone' },
    ]);
    // A message that comes again, after a crash perhaps, carries them out again.
    expect(store && given(store).when(messageReceived()).commands).toEqual(commands);
  });

  it('with 410 disables an endpoint whose status was set by a clock that is ahead', () => {
    const fact = { ...attempted(answer(410)), endpointSince: noon + 5_000 };
    const { store, commands } = given(queued).when(fact);
    expect(store?.state).toMatchObject({ status: 'dead', settledAt: noon + 5_000 });
    expect(commands).toContainEqual({
      ...{ kind: 'disable-endpoint', reason: '410_gone', asOf: noon + 5_000 },
    });
  });

  it('of a delivery that was settled meanwhile changes nothing', () => {
    expect(given(succeeded).when(attempted(answer(500)))).toEqual(acknowledged);
    expect(given(succeeded).when({ kind: 'superseded' })).toEqual(acknowledged);
  });
});

describe('given a dead delivery', () => {
  const gone = movedTo(unstored, { status: 'dead', settledAt: noon - 5, reason: 'gone' });
  const facts: readonly Fact[] = [
    messageReceived(),
    attempted(answer(500)),
    ...([{ kind: 'superseded' }, { kind: 'event_missing' }] as const),
    ...(['probe_denied', 'preempted', 'requeued'] as const).map((kind) => ({ kind, claimId: 'mine' })),
    { kind: 'quarantined', generation: 1 },
  ];

  it.each(facts)('carries out again what follows from its death: $kind', (fact) => {
    expect(given(gone).when(fact)).toEqual({
      commands: [
        { kind: 'disable-endpoint', reason: '410_gone', asOf: noon - 5 },
        { kind: 'dead-letter', generation: 1, reason: 'gone' },
      ],
      next: { kind: 'acknowledge' },
    });
    expect(given(dead).when(fact).commands).toEqual([
      { kind: 'dead-letter', generation: 1, reason: 'refused' },
    ]);
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
    expect(given(early).when(messageReceived({ circuit: 'wait' })).next).toEqual({
      kind: 'requeue',
      until: noon + 700,
    });
  });

  it('lets a probe go on like any attempt, and holds the one that did not get the lease', () => {
    expect(given(queued).when(messageReceived({ circuit: 'probe' })).next).toEqual({ kind: 'take_probe' });
    expect(given(queued).when({ kind: 'probe_taken' })).toEqual({ commands: [], next: { kind: 'attempt' } });
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
      next: { kind: 'requeue', until: noon + 10_000 },
    });
    for (const settled of [succeeded, held]) expect(given(settled).when(probeDenied)).toEqual(acknowledged);
  });

  it('keeps the backoff of a delivery that another function attempted while this one asked for the lease', () => {
    const failed = movedTo(queued, { status: 'queued', dueAt: noon + 50_000 });
    expect(given(failed).when({ kind: 'probe_denied', claimId: 'mine' })).toEqual({
      store: movedTo(failed, { status: 'held', heldFor: 'circuit', since: noon, dueAt: noon + 50_000 }),
      ...acknowledged,
    });
  });
});
