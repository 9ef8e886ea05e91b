import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createSlotStore } from '#adapters/dynamodb/endpoint/slot-store.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { reserve, type SlotSequence, slotInterval } from '#core/rate-limit/slot.ts';
import { anApplication, anEndpoint, through } from '#test/support/config-fixtures.ts';
import { startDatabase, type TestDatabase } from '#test/support/dynamodb.ts';

const day = 24 * 3_600_000;
const longest = 14 * day;
let database: TestDatabase;
let table: ConfigTable;
let now = 0;

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());
beforeEach(async () => {
  now = 1_000_000;
  const { client } = database;
  table = { client, tableName: await database.configTable(), now: () => now, random: Math.random };
  await createApplicationStore(table).create(anApplication());
});

const create = (id: string) => createEndpointStore(table).create(anEndpoint({ id }));
const slotsOf = async (id: string): Promise<SlotSequence | undefined> =>
  (await createEndpointReader(table).load(id, { consistent: true }))?.slots;

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

describe('stored slots', () => {
  it('moves exactly as the rules say', async () => {
    const rates = createSlotStore(table);
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
            now += passed;
            const one = { ...given, ...lostOf(slots, which) };
            const expected = reserve(slots, one, now);
            expect(await rates.reserve(id, one, slots, longest)).toBeCloseTo(expected.at, 3);
            slots = await slotsOf(id);
            expect(slots).toEqual({ ...expected.slots, next: expect.closeTo(expected.slots.next, 3) });
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('gives each of fifty at the same time a slot of its own, one interval apart', async () => {
    await create('ep_1');
    const rates = createSlotStore(table);
    const reserved = await Promise.all(
      Array.from({ length: 50 }, () =>
        rates.reserve('ep_1', { perSecond: 5, count: 1, asOf: 1 }, undefined, longest),
      ),
    );
    const sorted = reserved.map(Number).toSorted((a, b) => a - b);
    expect(sorted).toEqual(Array.from({ length: 50 }, (_, n) => now + n * slotInterval(5)));
  });

  it('costs one write for a slot, if the sequence is as it was read', async () => {
    await create('ep_1');
    let writes = 0;
    const counting = through(database.client, (command) => {
      writes += 1;
      return database.client.send(command as never);
    });
    const rates = createSlotStore({ ...table, client: counting });
    for (let n = 0; n < 5; n += 1)
      await rates.reserve('ep_1', { perSecond: 5, count: 1, asOf: 1 }, await slotsOf('ep_1'), longest);
    expect(writes).toBe(5);
  });

  it('is not begun anew by somebody who has read an older limit', async () => {
    await create('ep_1');
    const rates = createSlotStore(table);
    const slow = { perSecond: 1, count: 5, asOf: 1 };
    const fast = { perSecond: 20, count: 1, asOf: 2 };
    await rates.reserve('ep_1', slow, undefined, longest);
    expect(await rates.reserve('ep_1', fast, undefined, longest)).toBe(now);
    const { next = 0 } = (await slotsOf('ep_1')) ?? {};
    expect(await rates.reserve('ep_1', slow, undefined, longest)).toBe(next);
    expect(await slotsOf('ep_1')).toMatchObject({ perSecond: 20, asOf: 2 });
  });

  it('takes nobody who would wait for more than two weeks', async () => {
    await create('ep_1');
    const rates = createSlotStore(table);
    const one = { perSecond: 1, count: 1, asOf: 1 };
    await rates.reserve('ep_1', { ...one, count: 15 * 24 * 3_600 }, undefined, longest);
    const before = await slotsOf('ep_1');
    expect(await rates.reserve('ep_1', one, undefined, longest)).toBe(Number.POSITIVE_INFINITY);
    expect(await slotsOf('ep_1')).toEqual(before);
  });

  it('is none of a deleted endpoint’s, and not in the way of an edit', async () => {
    const rates = createSlotStore(table);
    const one = { perSecond: 1, count: 1, asOf: 1 };
    expect(await rates.reserve('ep_none', one, undefined, longest)).toBeUndefined();
    await create('ep_1');
    await rates.reserve('ep_1', one, undefined, longest);
    await createEndpointStore(table).update('acme', 'ep_1', ({ endpoint, state }) => ({
      endpoint: { ...endpoint, name: 'edited' },
      state,
    }));
    expect(await createEndpointStore(table).get('acme', 'ep_1')).toMatchObject({
      endpoint: { name: 'edited' },
      slots: { perSecond: 1 },
    });
  });
});
