import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiStatus } from '#core/delivery/api-status.ts';
import { decide } from '#core/delivery/decide.ts';
import { toApi } from '#core/delivery/delivery-view.ts';
import type { Fact } from '#core/delivery/fact.ts';
import {
  isNear,
  lateBy,
  patienceOf,
  queuedFor,
  reserve,
  type SlotSequence,
  slotInterval,
} from '#core/rate-limit/slot.ts';
import { deliveryOf, movedTo, noon } from '#test/support/deliveries.ts';

const perSecond = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constantFrom(100, 1_000, 10_000));

describe('the slots of an endpoint', () => {
  it('gives no second more than the limit and one: whoever comes when, crashes, is late, and by whatever clock', () => {
    fc.assert(
      fc.property(
        perSecond,
        fc.array(
          fc.record({
            passed: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 800 })),
            count: fc.integer({ min: 1, max: 10 }),
            skew: fc.integer({ min: -50, max: 50 }),
            late: fc.integer({ min: 0, max: lateBy }),
            crashes: fc.boolean(),
          }),
          { maxLength: 60, size: 'max' },
        ),
        (limit, steps) => {
          let slots: SlotSequence | undefined;
          let time = noon;
          const requests: number[] = [];
          for (const { passed, count, skew, late, crashes } of steps) {
            time += passed;
            const reserved = reserve(slots, { perSecond: limit, count, asOf: 1 }, time + skew);
            slots = reserved.slots;
            if (crashes) continue;
            for (let n = 0; n < count; n += 1)
              requests.push(reserved.at + n * slotInterval(limit) - skew + late);
          }
          const sorted = requests.toSorted((a, b) => a - b);
          for (const [index, from] of sorted.entries())
            expect((sorted[index + limit + 1] ?? Number.POSITIVE_INFINITY) - from).toBeGreaterThanOrEqual(
              1_000,
            );
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    [1, 1_000],
    [5, 200],
    [50, 1_200 / 51],
    [1_000, 1_200 / 1_001],
  ])('of %i a second has slots %d ms apart', (limit, expected) => {
    expect(slotInterval(limit)).toBeCloseTo(expected, 9);
  });
});

describe('a delivery that missed its slot', () => {
  const slot = { perSecond: 5, count: 1, asOf: 1 };

  it('goes at once if no other delivery waits behind it, and the next slots move with it', () => {
    const { at, slots } = reserve(undefined, slot, noon);
    const again = reserve(slots, { ...slot, lostAt: at }, noon + 150);
    expect(again).toEqual({ at: noon + 150, slots: { ...slots, next: noon + 350 } });
  });

  it('goes behind all reserved slots otherwise', () => {
    const { at, slots } = reserve(undefined, slot, noon);
    const behind = reserve(slots, slot, noon).slots;
    expect(reserve(behind, { ...slot, lostAt: at }, noon + 150).at).toBe(noon + 400);
  });
});

describe('waiting for a slot', () => {
  it('in a queue ends early enough for the function to wait out the rest, and late enough to be near', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 0, max: 3 }), (remaining, lost) => {
        const slot = { perSecond: 5, lost, since: noon };
        const queued = queuedFor(remaining, slot);
        expect(queued % 1_000).toBe(0);
        if (queued > 0) expect(remaining - queued).toBeGreaterThanOrEqual(1_000 * (1 + lost));
        const limit = { perSecond: 5, patience: patienceOf(5, false) };
        if (remaining > 1_000) expect(isNear(remaining, limit, lost, queued)).toBe(true);
      }),
    );
  });

  it('takes little from first attempts, however high the limit', () => {
    fc.assert(
      fc.property(perSecond, (limit) => {
        const patience = patienceOf(limit, true);
        expect(patience).toBeLessThanOrEqual(1_000);
        expect(patience / slotInterval(limit)).toBeLessThanOrEqual(5);
      }),
    );
  });
});

describe('given an endpoint with a rate limit', () => {
  const claim = { id: 'mine', until: noon + 35_000 };
  const limit = { perSecond: 5, patience: 2_500 };
  const messageReceived = (change: Partial<Extract<Fact, { kind: 'message_received' }>> = {}): Fact => ({
    ...{ kind: 'message_received', generation: 1, firstReceive: false, endpoint: 'active', circuit: 'go' },
    ...{ divert: false, limit, claim },
    ...change,
  });
  const slotReserved = (change: Partial<Extract<Fact, { kind: 'slot_reserved' }>> = {}): Fact => ({
    ...{ kind: 'slot_reserved', at: noon, lost: 0, limit, firstReceive: false, claim },
    ...change,
  });
  const unstored = deliveryOf({ createdAt: noon - 1_000 });
  const waiting = (dueAt: number, lost = 0) =>
    movedTo(unstored, { status: 'queued', dueAt, slot: { perSecond: 5, lost, since: noon - 1_000 } });

  it('what is due needs a slot, and nothing is stored or claimed before it has one', () => {
    for (const delivery of [unstored, movedTo(unstored, { status: 'queued', dueAt: noon })])
      expect(decide(delivery, messageReceived(), noon, 0)).toEqual({ commands: [], message: { reserve: 0 } });
  });

  it.each([
    ['paused', messageReceived({ endpoint: 'paused' }), 'held'],
    ['disabled', messageReceived({ endpoint: 'disabled' }), 'cancelled'],
    ['open', messageReceived({ circuit: 'wait' }), 'held'],
  ])('that is %s gives none', (_, fact, status) => {
    const { store, message } = decide(unstored, fact, noon, 0);
    expect(store?.state.status).toBe(status);
    expect(message).toBe('acknowledge');
  });

  it('a first attempt that has its slot soon needs no claim', () => {
    expect(decide(unstored, slotReserved({ firstReceive: true, at: noon + 900 }), noon, 0)).toEqual({
      commands: [],
      message: { attemptAt: noon + 900, lost: 0 },
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
      message: { waitUntil: noon + 60_000, slot },
    });
    const held = { status: 'held', heldFor: 'rate_limit', since: noon, dueAt: noon + 60_001, slot } as const;
    expect(decide(unstored, slotReserved({ at: noon + 60_001 }), noon, 0)).toEqual({
      store: movedTo(unstored, held),
      commands: [],
      message: 'acknowledge',
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
    const at = (now: number) => decide(waiting(noon), messageReceived(), now, 0).message;
    expect(at(noon - 2_501)).toEqual({
      waitUntil: noon,
      slot: { perSecond: 5, lost: 0, since: noon - 1_000 },
    });
    expect(at(noon - 2_500)).toEqual({ attemptAt: noon, lost: 0 });
    expect(at(noon + lateBy)).toEqual({ attemptAt: noon, lost: 0 });
    expect(at(noon + lateBy + 1)).toEqual({ reserve: 1, lostAt: noon });
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
    expect(
      decide(far, messageReceived({ limit: { perSecond: 9, patience: 2_500 } }), noon, 0).message,
    ).toEqual({
      reserve: 0,
    });
    const { limit: _, ...unlimited } = messageReceived() as Extract<Fact, { kind: 'message_received' }>;
    expect(decide(far, unlimited, noon, 0)).toMatchObject({ message: 'attempt' });
    const backoff = movedTo(unstored, { status: 'queued', dueAt: noon + 50_000 });
    expect(decide(backoff, unlimited, noon, 0).message).toEqual({ waitUntil: noon + 50_000 });
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
