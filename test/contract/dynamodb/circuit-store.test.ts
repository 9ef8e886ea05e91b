import { beforeEach, describe, expect, it } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { type Circuit, cleanCircuit, nextEpoch } from '#core/circuit/circuit.ts';
import { failingCircuit, openCircuit } from '#test/support/circuits.ts';
import { anApplication, anEndpoint } from '#test/support/config-fixtures.ts';
import { useDatabase } from '#test/support/dynamodb.ts';

const database = useDatabase();
let table: ConfigTable;

beforeEach(async () => {
  const { client } = database;
  table = { client, tableName: await database.configTable(), now: () => 1_000, random: Math.random };
  await createApplicationStore(table).create(anApplication());
});

const create = (id: string) => createEndpointStore(table).create(anEndpoint({ id }));
const circuitOf = async (id: string): Promise<Circuit> =>
  (await createEndpointReader(table).load(id, { consistent: true }))?.circuit ?? cleanCircuit;

describe('a stored circuit', () => {
  it('costs one write for each change, and for each one that is refused', async () => {
    await create('ep_1');
    const circuits = createCircuitStore(table);
    const sent: string[] = [];
    table.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => {
          sent.push(commandName);
          return next(args);
        },
      { step: 'initialize', name: 'count' },
    );
    await circuits.store('ep_1', failingCircuit());
    await circuits.store('ep_1', failingCircuit());
    await circuits.store('ep_1', openCircuit({ revision: 2 }));
    await circuits.reset('ep_1', 0);
    table.client.middlewareStack.remove('count');
    expect(sent).toEqual(Array(4).fill('UpdateItemCommand'));
  });

  it('goes to the epoch after the one that stands when its endpoint is resumed while it closes', async () => {
    await create('ep_1');
    const circuits = createCircuitStore(table);
    const endpoints = createEndpointStore(table);
    await endpoints.update('acme', 'ep_1', (record) => ({
      ...record,
      state: { status: 'paused', since: 7 },
    }));
    await circuits.store('ep_1', openCircuit());
    let isRead = false;
    table.client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'TransactWriteItemsCommand' && !isRead) {
          isRead = true;
          await circuits.store('ep_1', openCircuit({ revision: 2, probe: { id: 'a', until: 9 } }));
          await circuits.store('ep_1', nextEpoch(openCircuit({ revision: 2 }), 5));
        }
        return next(args);
      },
      { step: 'initialize', name: 'between' },
    );
    await endpoints.update('acme', 'ep_1', (record) => ({
      ...record,
      state: { status: 'active', since: 8 },
    }));
    table.client.middlewareStack.remove('between');
    expect(isRead).toBe(true);
    expect(await circuitOf('ep_1')).toEqual({
      ...{ state: 'closed', revision: 4, epoch: 2, since: 1_000, failures: 0 },
    });
  });
});
