import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isNear,
  lateBy,
  patienceOf,
  queuedFor,
  reserve,
  type SlotSequence,
  slotInterval,
} from '#core/rate-limit/slot.ts';
import { noon } from '#test/support/deliveries.ts';

const perSecond = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constantFrom(100, 1_000, 10_000));

describe('the slots of an endpoint', () => {
  it('gives no second more than the limit and one, whatever comes, crashes, is late and has a wrong clock', () => {
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
