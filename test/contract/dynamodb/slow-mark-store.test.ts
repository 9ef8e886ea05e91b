import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createSlowMarkStore } from '#adapters/dynamodb/endpoint/slow-mark-store.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { anApplication, anEndpoint, through } from '#test/support/config-fixtures.ts';
import { startDatabase, type TestDatabase } from '#test/support/dynamodb.ts';

let database: TestDatabase;
let table: ConfigTable;

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());
beforeEach(async () => {
  const { client } = database;
  table = { client, tableName: await database.configTable(), now: () => 1_000, random: Math.random };
  await createApplicationStore(table).create(anApplication());
  await createEndpointStore(table).create(anEndpoint({ id: 'ep_1' }));
});

const load = () => createEndpointReader(table).load('ep_1', { consistent: true });

describe('the mark of a slow endpoint', () => {
  it('is stored with its end, and renewed only when little is left of it', async () => {
    expect((await load())?.slowUntil).toBeUndefined();
    const slowMarks = createSlowMarkStore(table);
    expect(await slowMarks.mark('ep_1', { until: 61_000, ifBefore: 16_000 })).toBe(61_000);
    expect(await slowMarks.mark('ep_1', { until: 100_000, ifBefore: 60_999 })).toBe(61_000);
    expect((await load())?.slowUntil).toBe(61_000);
    expect(await slowMarks.mark('ep_1', { until: 110_000, ifBefore: 61_000 })).toBe(110_000);
    expect((await load())?.slowUntil).toBe(110_000);
  });

  it('is made once by fifty who see it hang at the same time', async () => {
    let writes = 0;
    const counting = through(database.client, async (command) => {
      const made = await database.client.send(command as never);
      writes += 1;
      return made;
    });
    const slowMarks = createSlowMarkStore({ ...table, client: counting });
    const marks = Array.from({ length: 50 }, (_, n) => ({ until: 61_000 + n, ifBefore: 16_000 + n }));
    const ends = new Set(await Promise.all(marks.map((mark) => slowMarks.mark('ep_1', mark))));
    expect(ends.size).toBe(1);
    expect(writes).toBe(1);
  });

  it('comes neither between an edit and what it read nor in the way of the circuit', async () => {
    const slowMarks = createSlowMarkStore(table);
    await createEndpointStore(table).update('acme', 'ep_1', ({ endpoint, state }) => ({
      endpoint: { ...endpoint, name: 'edited' },
      state,
    }));
    await slowMarks.mark('ep_1', { until: 61_000, ifBefore: 16_000 });
    await createCircuitStore(table).apply('ep_1', { kind: 'count', epoch: 0, at: 5 });
    await createEndpointStore(table).update('acme', 'ep_1', (record) => record);
    expect(await load()).toMatchObject({
      endpoint: { name: 'edited' },
      circuit: { failures: 1 },
      slowUntil: 61_000,
    });
  });

  it('makes no item of a deleted endpoint', async () => {
    const slowMarks = createSlowMarkStore(table);
    expect(await slowMarks.mark('ep_none', { until: 61_000, ifBefore: 16_000 })).toBeUndefined();
    expect(await createEndpointReader(table).load('ep_none', { consistent: true })).toBeUndefined();
  });
});
