import { describe, expect, it } from 'vitest';
import type { Decision } from '#core/delivery/decision.ts';
import type { Fact } from '#core/delivery/fact.ts';
import { movedTo, noon } from '#test/support/deliveries.ts';
import {
  acknowledged,
  answer,
  attempted,
  attempting,
  claim,
  given,
  held,
  hour,
  messageReceived,
  queued,
  succeeded,
  unstored,
} from '#test/support/facts.ts';

describe('given a delivery without an item', () => {
  it('when its first message comes, attempts without a claim', () => {
    expect(given(unstored).when(messageReceived({ firstReceive: true }))).toEqual({
      commands: [],
      next: { kind: 'attempt' },
    });
  });

  it('when its message was received before, claims first', () => {
    expect(given(unstored).when(messageReceived())).toEqual({
      store: movedTo(unstored, { status: 'attempting', claimId: 'mine', until: claim.until }),
      commands: [],
      next: { kind: 'attempt' },
    });
  });

  it('when its endpoint is paused, holds it and spends no attempt', () => {
    const { store, commands, next } = given(unstored).when(
      messageReceived({ firstReceive: true, endpoint: 'paused' }),
    );
    expect(store).toMatchObject({
      revision: 1,
      attemptCount: 0,
      state: { status: 'held', heldFor: 'paused' },
    });
    expect({ commands, next }).toEqual(acknowledged);
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
    const { store, commands, next } = given(unstored).when(attempted(answer(204)));
    expect(store).toMatchObject({
      revision: 1,
      attemptCount: 1,
      state: { status: 'succeeded', settledAt: noon },
      attempts: [
        { number: 1, generation: 1, startedAt: noon - 90, duration: 90, success: true, statusCode: 204 },
      ],
    });
    expect({ commands, next }).toEqual(acknowledged);
  });
});

describe('given a slow endpoint and a queue that diverts its deliveries', () => {
  const diverted: Decision = { commands: [{ kind: 'divert' }], next: { kind: 'acknowledge' } };
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

  const preempted: Fact = { kind: 'preempted', claimId: 'mine', isProbe: false };

  it('when a first request was preempted, diverts it as it is', () => {
    expect(given(unstored).when(preempted)).toEqual(diverted);
  });

  it('when a claimed one was, gives the claim up and spends no attempt', () => {
    const claimed = movedTo(unstored, { status: 'attempting', claimId: 'mine', until: noon + 40_000 });
    expect(given(claimed).when(preempted)).toEqual({
      ...diverted,
      store: movedTo(claimed, { status: 'queued', dueAt: noon }),
    });
    const probing = given(claimed).when({ ...preempted, isProbe: true });
    expect(probing.store?.state).toEqual({ status: 'queued', dueAt: noon, isProbe: true });
  });

  it('when another function moved it meanwhile, follows what stands', () => {
    expect(given(attempting).when(preempted)).toEqual({
      commands: [],
      next: { kind: 'requeue', until: noon + 10_000 },
    });
    expect(given(succeeded).when(preempted)).toEqual(acknowledged);
    expect(given(held).when(preempted)).toEqual(acknowledged);
  });
});

describe('given a queued delivery', () => {
  it('when woken early, waits for the rest', () => {
    const early = movedTo(unstored, { status: 'queued', dueAt: noon + 700 });
    expect(given(early).when(messageReceived())).toEqual({
      commands: [],
      next: { kind: 'requeue', until: noon + 700 },
    });
  });

  it('when woken in time, claims and attempts', () => {
    expect(given(queued).when(messageReceived())).toEqual({
      store: movedTo(queued, { status: 'attempting', claimId: 'mine', until: claim.until }),
      commands: [],
      next: { kind: 'attempt' },
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

describe('given a delivery that a function is attempting', () => {
  it('when woken, waits until the claim has ended', () => {
    expect(given(attempting).when(messageReceived())).toEqual({
      commands: [],
      next: { kind: 'requeue', until: noon + 10_000 },
    });
  });

  it('when woken after the claim has ended, claims it anew', () => {
    const { store, next } = given(attempting).when(messageReceived(), noon + 10_000);
    expect(store?.state).toMatchObject({ status: 'attempting', claimId: 'mine' });
    expect(store?.attemptCount).toBe(attempting.attemptCount);
    expect(next).toEqual({ kind: 'attempt' });
  });

  it('when a failed attempt was superseded by it, waits and records nothing', () => {
    expect(given(attempting).when({ kind: 'superseded' })).toEqual({
      commands: [],
      next: { kind: 'requeue', until: noon + 10_000 },
    });
  });
});
