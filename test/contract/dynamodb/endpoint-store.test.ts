import {
  GetItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { endpointStateKey } from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { toAttributes } from '#adapters/dynamodb/table/table.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import type { EndpointRecord, EndpointStatus } from '#core/endpoint/endpoint.ts';
import { AlreadyExists, NotFound } from '#core/problem/store-errors.ts';
import { anApplication, anEndpoint, through } from '#test/support/config-fixtures.ts';
import { useDatabase } from '#test/support/dynamodb.ts';

const database = useDatabase();
let table: ConfigTable;

beforeEach(async () => {
  const { client } = database;
  table = { client, tableName: await database.configTable(), now: Date.now, random: Math.random };
  await createApplicationStore(table).create(anApplication());
});

const withStatus =
  (status: EndpointStatus) =>
  (record: EndpointRecord): EndpointRecord => ({ ...record, state: { status, since: 5 } });

const partition = (endpointId: string) =>
  new QueryCommand({
    TableName: table.tableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: `ENDPOINT#${endpointId}` } },
    ConsistentRead: true,
  });

const watched = async () =>
  (await createAttentionStore(table).list()).filter((entry) => entry.kind === 'endpoint');

describe('an endpoint', () => {
  it('is read as it was written, whatever a tenant put into it', async () => {
    const free: Record<string, unknown> = JSON.parse(
      '{"__proto__":{"a":1},"big":1e300,"deep":[[{"":""}]],"small":5e-324,"precise":0.1,"max":9007199254740991,' +
        '"huge":12345678901234567890,"lone":"\\ud800","zero":0,"none":null,"empty":[]}',
    );
    const endpoint = anEndpoint({
      id: 'ep_1',
      name: '',
      headers: { 'X-Empty': '', constructor: 'x' },
      retryConfig: {
        maxAttempts: 7,
        strategy: 'custom',
        schedule: [1, 2.5],
        retryableStatuses: [408, '5xx'],
      },
      rateLimit: { perSecond: 0.5 },
      filters: {
        logic: 'OR',
        conditions: [
          { field: 'payload.a', operator: 'in', value: [1e21, '', null, { '': [] }] },
          { conditions: [{ field: 'payload.b', operator: 'exists', value: false }] },
        ],
      },
      metadata: free,
      secrets: [
        { value: 'whsec_new', createdAt: 2 },
        { value: 'old secret ü', createdAt: 1, expiresAt: 3 },
      ],
    });
    const endpoints = createEndpointStore(table);
    await endpoints.create(endpoint);
    const read = await endpoints.get('acme', 'ep_1');
    expect(read?.endpoint).toEqual(endpoint);
    expect(JSON.stringify(read?.endpoint.metadata)).toBe(JSON.stringify(free));
    expect(read?.state.status).toBe('active');
    expect(await createEndpointReader(table).load('ep_1', { consistent: true })).toEqual(read);
  });

  it('belongs to one application: to others it does not exist', async () => {
    const endpoints = createEndpointStore(table);
    await createApplicationStore(table).create(anApplication({ id: 'globex' }));
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    expect(await endpoints.get('globex', 'ep_1')).toBeUndefined();
    expect(await endpoints.update('globex', 'ep_1', withStatus('disabled'))).toBeUndefined();
    expect(await endpoints.remove('globex', 'ep_1')).toBe(false);
    expect((await endpoints.list('globex', { limit: 10 })).items).toEqual([]);
    expect((await endpoints.get('acme', 'ep_1'))?.state.status).toBe('active');
  });

  it('needs an application and an id of its own', async () => {
    const endpoints = createEndpointStore(table);
    await expect(endpoints.create(anEndpoint({ id: 'ep_1', applicationId: 'nobody' }))).rejects.toThrow(
      NotFound,
    );
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    await expect(endpoints.create(anEndpoint({ id: 'ep_1', name: 'again' }))).rejects.toThrow(AlreadyExists);
    expect((await endpoints.get('acme', 'ep_1'))?.endpoint.name).toBe('Orders');
  });

  it('is listed page by page, in the order of the ids, as it stands', async () => {
    const endpoints = createEndpointStore(table);
    const ids = Array.from({ length: 7 }, (_, index) => `ep_${index}`);
    await Promise.all(ids.map((id) => endpoints.create(anEndpoint({ id }))));
    await createEndpointReader(table).disable('ep_3', '410_gone', 9);
    const seen: EndpointRecord[] = [];
    let after: string | undefined;
    do {
      const page = await endpoints.list('acme', { after, limit: 3 });
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    expect(seen.map(({ endpoint }) => endpoint.id)).toEqual(ids);
    expect(seen[3]?.state).toEqual({ status: 'disabled', reason: '410_gone', since: 9 });
    await expect(endpoints.list('acme', { after: 'ep_1#x', limit: 3 })).rejects.toThrow(RangeError);
  });

  it('loses nothing when many change it at once', async () => {
    const endpoints = createEndpointStore(table);
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
    await Promise.all(
      names.map((name) =>
        endpoints.update('acme', 'ep_1', ({ endpoint, state }) => ({
          state,
          endpoint: { ...endpoint, metadata: { ...endpoint.metadata, [name]: true } },
        })),
      ),
    );
    const read = await endpoints.get('acme', 'ep_1');
    expect(Object.keys(read?.endpoint.metadata ?? {}).sort()).toEqual(names.sort());
  });

  it('is not written from a read that fell between two changes', async () => {
    const endpoints = createEndpointStore(table);
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    const old = await table.client.send(partition('ep_1'));
    await endpoints.update('acme', 'ep_1', ({ endpoint, state }) => ({
      state,
      endpoint: { ...endpoint, name: 'new' },
    }));
    // A Query is not a snapshot: the configuration may be read before a transaction and the state after it.
    let torn = true;
    const client = through(table.client, async (command) => {
      const answer = await table.client.send(command);
      if (!torn || !(command instanceof QueryCommand)) return answer;
      torn = false;
      const current = await table.client.send(partition('ep_1'));
      return { ...current, Items: [old.Items?.[0], current.Items?.[1]] };
    });
    await createEndpointStore({ ...table, client }).update('acme', 'ep_1', withStatus('paused'));
    const read = await endpoints.get('acme', 'ep_1');
    expect(torn).toBe(false);
    expect(read).toMatchObject({ endpoint: { name: 'new' }, state: { status: 'paused' } });
  });

  it('keeps its id and application, whatever a change returns', async () => {
    const endpoints = createEndpointStore(table);
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    await endpoints.update('acme', 'ep_1', ({ state, endpoint }) => ({
      state,
      endpoint: { ...endpoint, id: 'ep_2', applicationId: 'globex', name: 'new' },
    }));
    expect((await endpoints.get('acme', 'ep_1'))?.endpoint.name).toBe('new');
    expect(await endpoints.get('globex', 'ep_2')).toBeUndefined();
  });

  it('keeps what deliver stores beside its status', async () => {
    const endpoints = createEndpointStore(table);
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    const Key = toAttributes({ ...endpointStateKey('ep_1') });
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.tableName,
        Key,
        UpdateExpression: 'SET circuit = :circuit',
        ExpressionAttributeValues: toAttributes({ ':circuit': 'open' }),
      }),
    );
    await endpoints.update('acme', 'ep_1', withStatus('paused'));
    const { Item } = await table.client.send(new GetItemCommand({ TableName: table.tableName, Key }));
    expect(Item).toMatchObject({ circuit: { S: 'open' }, status: { S: 'paused' } });
  });

  it('is gone from everywhere when it is removed', async () => {
    const endpoints = createEndpointStore(table);
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    expect(await endpoints.remove('acme', 'ep_1')).toBe(true);
    expect(await endpoints.remove('acme', 'ep_1')).toBe(false);
    expect(await endpoints.get('acme', 'ep_1')).toBeUndefined();
    expect(await endpoints.update('acme', 'ep_1', withStatus('paused'))).toBeUndefined();
    expect((await endpoints.list('acme', { limit: 10 })).items).toEqual([]);
    expect(await createEndpointReader(table).load('ep_1', { consistent: true })).toBeUndefined();
  });
});

describe('disabling an endpoint that is gone', () => {
  it('happens once, with a reason', async () => {
    await createEndpointStore(table).create(anEndpoint({ id: 'ep_1' }));
    const targets = createEndpointReader(table);
    expect(await targets.disable('ep_1', '410_gone', 7)).toBe(true);
    expect(await targets.disable('ep_1', 'other', 8)).toBe(false);
    expect((await targets.load('ep_1'))?.state).toEqual({ status: 'disabled', reason: '410_gone', since: 7 });
    expect(await targets.disable('ep_2', '410_gone', 7)).toBe(false);
    expect(await targets.load('ep_2')).toBeUndefined();
  });

  it('holds when an edit was under way', async () => {
    const endpoints = createEndpointStore(table);
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    const targets = createEndpointReader(table);
    // The edit has read before the endpoint is disabled and writes after it.
    const read = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const client = through(table.client, async (command) => {
      if (command instanceof TransactWriteItemsCommand) {
        read.resolve();
        await written.promise;
      }
      return table.client.send(command);
    });
    const edit = createEndpointStore({ ...table, client }).update('acme', 'ep_1', ({ endpoint, state }) => ({
      state,
      endpoint: { ...endpoint, name: 'edited' },
    }));
    await read.promise;
    await targets.disable('ep_1', '410_gone', 7);
    written.resolve();
    await edit;
    const record = await endpoints.get('acme', 'ep_1');
    expect(record?.endpoint.name).toBe('edited');
    expect(record?.state).toEqual({ status: 'disabled', reason: '410_gone', since: 7 });
  });
});

describe('the entry of an endpoint for the scheduler', () => {
  it('is made when its status changes, and cleared as it was read', async () => {
    const endpoints = createEndpointStore(table);
    const attention = createAttentionStore(table);
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    expect(await watched()).toEqual([]);
    await endpoints.update('acme', 'ep_1', withStatus('paused'));
    expect(await watched()).toHaveLength(1);
    await endpoints.update('acme', 'ep_1', withStatus('active'));
    const [entry] = await watched();
    expect(entry).toMatchObject({ kind: 'endpoint', endpointId: 'ep_1', applicationId: 'acme' });
    if (entry === undefined) return;
    await attention.clear({ ...entry, since: entry.since - 1 });
    expect(await watched()).toEqual([entry]);
    await attention.clear(entry);
    expect(await watched()).toEqual([]);
    await attention.clear(entry);
  });

  it.each(['disabled', 'active'] as const)('follows a pause that ends as %s', async (status) => {
    const endpoints = createEndpointStore(table);
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    await endpoints.update('acme', 'ep_1', withStatus('paused'));
    await endpoints.update('acme', 'ep_1', withStatus(status));
    expect(await watched()).toHaveLength(1);
  });

  it('follows a removal, so that what is held is cancelled', async () => {
    const endpoints = createEndpointStore(table);
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    await endpoints.remove('acme', 'ep_1');
    expect(await watched()).toMatchObject([{ endpointId: 'ep_1', applicationId: 'acme' }]);
  });
});
