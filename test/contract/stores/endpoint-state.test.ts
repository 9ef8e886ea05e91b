import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reserve, type SlotSequence, slotInterval } from '#core/rate-limit/slot.ts';
import { anEndpoint } from '#test/support/config-fixtures.ts';
import { deployedOn, engines } from '#test/support/store-engines.ts';

const day = 24 * 3_600_000;
const longest = 14 * day;

describe.each(engines)('stored slots in $name', (engine) => {
  const at = deployedOn(engine);
  const create = (id: string) => at.endpoints.create(anEndpoint({ id }));
  const slotsOf = async (id: string): Promise<SlotSequence | undefined> =>
    (await at.reader.load(id, { consistent: true }))?.slots;

  const reservation = fc.record({
    perSecond: fc.constantFrom(1, 3, 7, 500),
    count: fc.integer({ min: 1, max: 10 }),
    asOf: fc.integer({ min: 1, max: 3 }),
  });

  /** A delivery that had the last slot, or the one before. */
  const lostOf = (slots: SlotSequence | undefined, which: number | undefined) =>
    slots === undefined || which === undefined
      ? {}
      : { lostAt: slots.next - which * slotInterval(slots.perSecond) };

  it('move exactly as the rules say', async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            reservation,
            fc.integer({ min: 0, max: 2_000 }),
            fc.option(fc.constantFrom(0.5, 1.5), { nil: undefined }),
          ),
          { maxLength: 12 },
        ),
        async (reservations) => {
          const id = `ep_${made++}`;
          await create(id);
          let slots: SlotSequence | undefined;
          for (const [given, passed, which] of reservations) {
            at.now += passed;
            const one = { ...given, ...lostOf(slots, which) };
            const expected = reserve(slots, one, at.now);
            expect(await at.slots.reserve(id, one, slots, longest)).toBeCloseTo(expected.at, 3);
            slots = await slotsOf(id);
            expect(slots).toEqual({ ...expected.slots, next: expect.closeTo(expected.slots.next, 3) });
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('give fifty callers at the same time fifty slots, one interval apart', async () => {
    await create('ep_1');
    const reserved = await Promise.all(
      Array.from({ length: 50 }, () =>
        at.slots.reserve('ep_1', { perSecond: 5, count: 1, asOf: 1 }, undefined, longest),
      ),
    );
    const sorted = reserved.map((slot) => Number(slot) - at.now).toSorted((a, b) => a - b);
    for (const [n, slot] of sorted.entries()) expect(slot).toBeCloseTo(n * slotInterval(5), 2);
  });

  it('do not begin anew for a caller that read an older limit', async () => {
    await create('ep_1');
    const slow = { perSecond: 1, count: 5, asOf: 1 };
    const fast = { perSecond: 20, count: 1, asOf: 2 };
    await at.slots.reserve('ep_1', slow, undefined, longest);
    expect(await at.slots.reserve('ep_1', fast, undefined, longest)).toBe(at.now);
    const { next = 0 } = (await slotsOf('ep_1')) ?? {};
    expect(await at.slots.reserve('ep_1', slow, undefined, longest)).toBe(next);
    expect(await slotsOf('ep_1')).toMatchObject({ perSecond: 20, asOf: 2 });
  });

  it('take nothing that would wait for more than two weeks', async () => {
    await create('ep_1');
    const one = { perSecond: 1, count: 1, asOf: 1 };
    await at.slots.reserve('ep_1', { ...one, count: 15 * 24 * 3_600 }, undefined, longest);
    const before = await slotsOf('ep_1');
    expect(await at.slots.reserve('ep_1', one, undefined, longest)).toBe(Number.POSITIVE_INFINITY);
    expect(await slotsOf('ep_1')).toEqual(before);
  });

  it('are none of a deleted endpoint’s', async () => {
    const one = { perSecond: 1, count: 1, asOf: 1 };
    expect(await at.slots.reserve('ep_none', one, undefined, longest)).toBeUndefined();
    expect(await at.reader.load('ep_none', { consistent: true })).toBeUndefined();
  });
});

describe.each(engines)('the mark of a slow endpoint in $name', (engine) => {
  const at = deployedOn(engine);
  const markedUntil = async () => (await at.reader.load('ep_1', { consistent: true }))?.slowUntil;

  it('is stored with its end, and renewed only when little is left of it', async () => {
    await at.endpoints.create(anEndpoint({ id: 'ep_1' }));
    expect(await markedUntil()).toBeUndefined();
    expect(await at.slowMarks.mark('ep_1', { until: 61_000, ifBefore: 16_000 })).toBe(61_000);
    expect(await at.slowMarks.mark('ep_1', { until: 100_000, ifBefore: 60_999 })).toBe(61_000);
    expect(await markedUntil()).toBe(61_000);
    expect(await at.slowMarks.mark('ep_1', { until: 110_000, ifBefore: 61_000 })).toBe(110_000);
    expect(await markedUntil()).toBe(110_000);
  });

  it('is one for fifty who see the endpoint hang at the same time', async () => {
    await at.endpoints.create(anEndpoint({ id: 'ep_1' }));
    const marks = Array.from({ length: 50 }, (_, n) => ({ until: 61_000 + n, ifBefore: 16_000 + n }));
    const ends = new Set(await Promise.all(marks.map((mark) => at.slowMarks.mark('ep_1', mark))));
    expect([...ends]).toEqual([await markedUntil()]);
  });

  it('makes no item of a deleted endpoint', async () => {
    expect(await at.slowMarks.mark('ep_none', { until: 61_000, ifBefore: 16_000 })).toBeUndefined();
    expect(await at.reader.load('ep_none', { consistent: true })).toBeUndefined();
  });
});
