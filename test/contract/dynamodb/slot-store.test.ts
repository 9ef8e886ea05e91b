import { beforeEach, describe, expect, it } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createSlotStore } from '#adapters/dynamodb/endpoint/slot-store.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import type { SlotSequence } from '#core/rate-limit/slot.ts';
import { anApplication, anEndpoint, through } from '#test/support/config-fixtures.ts';
import { useDatabase } from '#test/support/dynamodb.ts';

const day = 24 * 3_600_000;
const longest = 14 * day;
const database = useDatabase();
let table: ConfigTable;

beforeEach(async () => {
  const { client } = database;
  table = { client, tableName: await database.configTable(), now: () => 1_000_000, random: Math.random };
  await createApplicationStore(table).create(anApplication());
});

const create = (id: string) => createEndpointStore(table).create(anEndpoint({ id }));
const slotsOf = async (id: string): Promise<SlotSequence | undefined> =>
  (await createEndpointReader(table).load(id, { consistent: true }))?.slots;

describe('stored slots', () => {
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
});
