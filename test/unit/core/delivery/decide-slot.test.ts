import { describe, expect, it } from 'vitest';
import { apiStatus } from '#core/delivery/api-status.ts';
import { decide } from '#core/delivery/decide.ts';
import { toApi } from '#core/delivery/delivery-view.ts';
import type { Fact, FactOf } from '#core/delivery/fact.ts';
import { lateBy } from '#core/rate-limit/slot.ts';
import { deliveryOf, movedTo, noon } from '#test/support/deliveries.ts';

describe('given an endpoint with a rate limit', () => {
  const claim = { id: 'mine', until: noon + 35_000 };
  const limit = { perSecond: 5, patience: 2_500 };
  const messageReceived = (change: Partial<FactOf<'message_received'>> = {}): FactOf<'message_received'> => ({
    ...{ kind: 'message_received', generation: 1, firstReceive: false, endpoint: 'active', circuit: 'go' },
    ...{ divert: false, limit, claim },
    ...change,
  });
  const slotReserved = (change: Partial<FactOf<'slot_reserved'>> = {}): Fact => ({
    ...{ kind: 'slot_reserved', at: noon, lost: 0, limit, firstReceive: false, claim },
    ...change,
  });
  const unstored = deliveryOf({ createdAt: noon - 1_000 });
  const waiting = (dueAt: number, lost = 0) =>
    movedTo(unstored, { status: 'queued', dueAt, slot: { perSecond: 5, lost, since: noon - 1_000 } });

  it('what is due needs a slot, and nothing is stored or claimed before it has one', () => {
    for (const delivery of [unstored, movedTo(unstored, { status: 'queued', dueAt: noon })])
      expect(decide(delivery, messageReceived(), noon, 0)).toEqual({
        commands: [],
        next: { kind: 'reserve_slot', lost: 0, patience: limit.patience },
      });
  });

  it.each([
    ['paused', messageReceived({ endpoint: 'paused' }), 'held'],
    ['disabled', messageReceived({ endpoint: 'disabled' }), 'cancelled'],
    ['open', messageReceived({ circuit: 'wait' }), 'held'],
  ])('that is %s gives none', (_, fact, status) => {
    const { store, next } = decide(unstored, fact, noon, 0);
    expect(store?.state.status).toBe(status);
    expect(next).toEqual({ kind: 'acknowledge' });
  });

  it('a first attempt that has its slot soon needs no claim', () => {
    expect(decide(unstored, slotReserved({ firstReceive: true, at: noon + 900 }), noon, 0)).toEqual({
      commands: [],
      next: { kind: 'await_slot', at: noon + 900, lost: 0 },
    });
  });

  it('what was received before claims first', () => {
    expect(decide(unstored, slotReserved({ at: noon + 900 }), noon, 0).store?.state).toMatchObject({
      status: 'attempting',
      claimId: 'mine',
    });
  });

  it('a slot within a minute is waited for in the queue, one further away in the table', () => {
    const slot = { perSecond: 5, lost: 0, since: noon };
    expect(decide(unstored, slotReserved({ at: noon + 60_000 }), noon, 0)).toEqual({
      store: movedTo(unstored, { status: 'queued', dueAt: noon + 60_000, slot }),
      commands: [],
      next: { kind: 'requeue', until: noon + 60_000, slot },
    });
    const held = { status: 'held', heldFor: 'rate_limit', since: noon, dueAt: noon + 60_001, slot } as const;
    expect(decide(unstored, slotReserved({ at: noon + 60_001 }), noon, 0)).toEqual({
      store: movedTo(unstored, held),
      commands: [],
      next: { kind: 'acknowledge' },
    });
  });

  it('more than two weeks of waiting are the end', () => {
    expect(
      decide(unstored, slotReserved({ at: Number.POSITIVE_INFINITY }), noon, 0).store?.state,
    ).toMatchObject({
      status: 'cancelled',
      reason: 'expired',
    });
  });

  it('a slot is used in its time, waited for when near, and given up when it is over', () => {
    const at = (now: number) => decide(waiting(noon), messageReceived(), now, 0).next;
    expect(at(noon - 2_501)).toEqual({
      kind: 'requeue',
      until: noon,
      slot: { perSecond: 5, lost: 0, since: noon - 1_000 },
    });
    expect(at(noon - 2_500)).toEqual({ kind: 'await_slot', at: noon, lost: 0 });
    expect(at(noon + lateBy)).toEqual({ kind: 'await_slot', at: noon, lost: 0 });
    expect(at(noon + lateBy + 1)).toEqual({
      ...{ kind: 'reserve_slot', lost: 1, lostAt: noon, patience: 2_500 },
    });
  });

  it('a slot that the function awaited leads to the request, or to another slot without a wait in the function', () => {
    const next = (fact: Fact) => decide(unstored, fact, noon, 0);
    expect(next({ kind: 'slot_reached', circuit: 'go' })).toEqual({
      commands: [],
      next: { kind: 'attempt' },
    });
    expect(next({ kind: 'slot_reached', circuit: 'probe' }).next).toEqual({ kind: 'take_probe' });
    expect(next({ kind: 'slot_missed', at: noon - 90, lost: 1 })).toEqual({
      commands: [],
      next: { kind: 'reserve_slot', lost: 2, lostAt: noon - 90, patience: 0 },
    });
  });

  it('a delivery that missed four slots waits a minute in the table and begins anew', () => {
    expect(
      decide(waiting(noon, 3), slotReserved({ at: noon + 5_000, lost: 4 }), noon, 0).store?.state,
    ).toEqual({
      ...{ status: 'held', heldFor: 'rate_limit', since: noon, dueAt: noon + 60_000 },
    });
  });

  it('a slot of another limit does not count, and without a limit none is needed', () => {
    const far = waiting(noon + 50_000);
    expect(decide(far, messageReceived({ limit: { perSecond: 9, patience: 2_500 } }), noon, 0).next).toEqual({
      ...{ kind: 'reserve_slot', lost: 0, patience: 2_500 },
    });
    const { limit: _, ...unlimited } = messageReceived();
    expect(decide(far, unlimited, noon, 0)).toMatchObject({ next: { kind: 'attempt' } });
    const backoff = movedTo(unstored, { status: 'queued', dueAt: noon + 50_000 });
    expect(decide(backoff, unlimited, noon, 0).next).toEqual({ kind: 'requeue', until: noon + 50_000 });
  });

  it('a release keeps a slot that is still to come, and wakes early for it', () => {
    const held = movedTo(unstored, {
      ...{ status: 'held', heldFor: 'rate_limit', since: noon, dueAt: noon + 40_500 },
      slot: { perSecond: 5, lost: 0, since: noon },
    } as const);
    const early = decide(held, { kind: 'released' }, noon, 0);
    expect(early.store?.state).toEqual({
      status: 'queued',
      dueAt: noon + 40_500,
      slot: { perSecond: 5, lost: 0, since: noon },
    });
    expect(early.commands).toEqual([{ kind: 'wake', delay: 39_000 }]);
    const late = decide(held, { kind: 'released' }, noon + 40_501, 0);
    expect(late.store?.state).toEqual({ status: 'queued', dueAt: noon + 40_501 });
  });

  it('the API tells what it waits for and until when, wherever it waits', () => {
    const delivery = waiting(noon + 5_000);
    expect(apiStatus(delivery)).toBe('held');
    expect(toApi(delivery, noon)).toMatchObject({
      status: 'held',
      heldFor: 'rate_limit',
      nextAttemptAt: new Date(noon + 5_000).toISOString(),
    });
  });
});
