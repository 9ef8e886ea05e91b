import { beforeEach, describe, expect, it } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createSlowMarkStore } from '#adapters/dynamodb/endpoint/slow-mark-store.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { anApplication, anEndpoint, through } from '#test/support/config-fixtures.ts';
import { useDatabase } from '#test/support/dynamodb.ts';

const database = useDatabase();
let table: ConfigTable;

beforeEach(async () => {
  const { client } = database;
  table = { client, tableName: await database.configTable(), now: () => 1_000, random: Math.random };
  await createApplicationStore(table).create(anApplication());
  await createEndpointStore(table).create(anEndpoint({ id: 'ep_1' }));
});

describe('the mark of a slow endpoint', () => {
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
});
