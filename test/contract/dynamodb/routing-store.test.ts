// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of filters are written like this
import { setTimeout as sleep } from 'node:timers/promises';
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createRoutingStore } from '#adapters/dynamodb/routing/routing-store.ts';
import { deleteItems } from '#adapters/dynamodb/table/batch.ts';
import { changeKey, routesPieceKey, versionKeys } from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem, getItems } from '#adapters/dynamodb/table/config-table.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { NotFound } from '#core/problem/store-errors.ts';
import { createRoutingCache, type RoutingCache } from '#core/routing/routing-cache.ts';
import { packRoutes } from '#core/routing/snapshot.ts';
import { anApplication, anEndpoint, anEvent, through } from '#test/support/config-fixtures.ts';
import { startDatabase, type TestDatabase } from '#test/support/dynamodb.ts';

let database: TestDatabase;
let table: ConfigTable;
let later: number;

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());
beforeEach(async () => {
  later = 0;
  const { client } = database;
  table = {
    client,
    tableName: await database.configTable(),
    now: () => Date.now() + later,
    random: Math.random,
  };
  await createApplicationStore(table).create(anApplication());
});

const event = anEvent('order.created', { amount: 5 });

const matched = async (cache: RoutingCache, applicationId = 'acme') =>
  (await cache.match(applicationId, event))?.map(({ endpointId }) => endpointId);

const aCache = () => createRoutingCache({ source: createRoutingStore(table), maxBytes: 1e7 });

/** A cache that knows the application, and what it asks afterwards. */
async function warmCache() {
  const asked: string[] = [];
  const store = createRoutingStore(table);
  const source = {
    version: store.version,
    changesAfter: (id: string, version: number) => {
      asked.push('changes');
      return store.changesAfter(id, version);
    },
    load: (id: string) => {
      asked.push('load');
      return store.load(id);
    },
  };
  const cache = createRoutingCache({ source, maxBytes: 1e7 });
  await cache.match('acme', event);
  asked.length = 0;
  return { cache, asked };
}

const ids = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `ep_${String(from + index).padStart(4, '0')}`);

const createAll = (endpointIds: readonly string[]) =>
  Promise.all(endpointIds.map((id) => createEndpointStore(table).create(anEndpoint({ id }))));

const edit =
  (endpoint: Partial<EndpointRecord['endpoint']>, state: Partial<EndpointRecord['state']> = {}) =>
  (record: EndpointRecord): EndpointRecord => ({
    endpoint: { ...record.endpoint, ...endpoint },
    state: { ...record.state, ...state },
  });

describe('routing', () => {
  it('takes fifty creations at once: contiguous versions, all copies alike, and each is seen when it resolves', async () => {
    const routing = createRoutingStore(table);
    const first = (await routing.version('acme')) ?? 0;
    const { cache, asked } = await warmCache();
    let transactions = 0;
    const client = through(table.client, async (command) => {
      if (command instanceof TransactWriteItemsCommand) transactions += 1;
      return table.client.send(command);
    });
    // A clock that stands: tries are counted here, not seconds, which a loaded machine has fewer of.
    const start = Date.now();
    const endpoints = createEndpointStore({ ...table, client, now: () => start });
    const seen = await Promise.all(
      ids(50).map(async (id) => {
        await endpoints.create(anEndpoint({ id }));
        return (await matched(cache))?.includes(id);
      }),
    );
    expect(seen).toEqual(Array(50).fill(true));
    expect(await matched(cache)).toEqual(ids(50));
    expect(asked).not.toContain('load');
    const versions = (await routing.changesAfter('acme', first)).map(({ version }) => version);
    expect(versions).toEqual(Array.from({ length: 50 }, (_, index) => first + 1 + index));
    const copies = await getItems(table, versionKeys('acme'));
    expect(copies.map(({ version }) => version)).toEqual(Array(8).fill(first + 50));
    // Some six tries each, of the fifty that a writer has.
    expect(transactions).toBeLessThan(50 * 15);
  });

  it('lets a warm cache see edits, pauses, disabling and removal at once, from the log alone', async () => {
    const endpoints = createEndpointStore(table);
    const { cache, asked } = await warmCache();
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    expect(await matched(cache)).toEqual(['ep_1']);
    await endpoints.update('acme', 'ep_1', edit({ events: ['invoice.*'] }));
    expect(await matched(cache)).toEqual([]);
    await endpoints.update('acme', 'ep_1', edit({ events: ['*'] }));
    expect(await matched(cache)).toEqual(['ep_1']);
    await endpoints.update('acme', 'ep_1', edit({}, { status: 'paused' }));
    expect(await matched(cache)).toEqual(['ep_1']);
    await endpoints.update('acme', 'ep_1', edit({}, { status: 'disabled' }));
    expect(await matched(cache)).toEqual([]);
    await endpoints.update('acme', 'ep_1', edit({ events: ['order.created'] }));
    expect(await matched(cache)).toEqual([]);
    await endpoints.update('acme', 'ep_1', edit({}, { status: 'active' }));
    expect(await matched(cache)).toEqual(['ep_1']);
    await endpoints.remove('acme', 'ep_1');
    expect(await matched(cache)).toEqual([]);
    expect(asked).not.toContain('load');
  });

  it('follows the metadata that filters refer to, of endpoint and application', async () => {
    const endpoints = createEndpointStore(table);
    const filters = {
      conditions: [
        { field: 'payload.amount', operator: 'gte', value: '${endpoint.metadata.least}' },
        { field: 'payload.amount', operator: 'lte', value: '${application.metadata.most}' },
      ],
    } as const;
    const { cache } = await warmCache();
    await endpoints.create(anEndpoint({ id: 'ep_1', filters, metadata: { least: 5, unused: 'x' } }));
    expect(await matched(cache)).toEqual([]);
    await createApplicationStore(table).update('acme', (app) => ({ ...app, metadata: { most: 9 } }));
    expect(await matched(cache)).toEqual(['ep_1']);
    expect(await matched(aCache())).toEqual(['ep_1']);
    await endpoints.update('acme', 'ep_1', edit({ metadata: { least: 6 } }));
    expect(await matched(cache)).toEqual([]);
    await createRoutingStore(table).pack('acme');
    await endpoints.update('acme', 'ep_1', edit({ metadata: { least: 5 } }));
    expect(await matched(aCache())).toEqual(['ep_1']);
  });

  it('does not move when a change has no bearing on it', async () => {
    const endpoints = createEndpointStore(table);
    const routing = createRoutingStore(table);
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    const version = await routing.version('acme');
    await endpoints.update(
      'acme',
      'ep_1',
      edit({ name: 'new', url: 'https://example.org', metadata: { a: 1 } }),
    );
    await endpoints.update('acme', 'ep_1', edit({}, { status: 'paused' }));
    await createApplicationStore(table).update('acme', (app) => ({ ...app, name: 'new' }));
    expect(await routing.version('acme')).toBe(version);
  });

  it('takes the route of an endpoint that deliver disabled with its next update, even an empty one', async () => {
    const endpoints = createEndpointStore(table);
    const { cache } = await warmCache();
    await endpoints.create(anEndpoint({ id: 'ep_1' }));
    await createEndpointReader(table).disable('ep_1', '410_gone', 7);
    expect(await matched(cache)).toEqual(['ep_1']);
    await endpoints.update('acme', 'ep_1', (record) => record);
    expect(await matched(cache)).toEqual([]);
  });

  it('is loaded again when a change is missing from the log', async () => {
    const routing = createRoutingStore(table);
    const { cache, asked } = await warmCache();
    const first = (await routing.version('acme')) ?? 0;
    for (const id of ids(3)) await createAll([id]);
    await deleteItems(table, [changeKey('acme', first + 2)]);
    expect(await matched(cache)).toEqual(ids(3));
    expect(asked).toContain('load');
    expect(await matched(aCache())).toEqual(ids(3));
  });

  it('outlives its log: after its changes have expired the items tell', async () => {
    const { cache } = await warmCache();
    await createAll(ids(3));
    later = 8 * 24 * 60 * 60_000;
    const routing = createRoutingStore(table);
    expect(await routing.changesAfter('acme', 0)).toEqual([]);
    expect(await matched(cache)).toEqual(ids(3));
    expect(await matched(aCache())).toEqual(ids(3));
    await createAll(ids(1, 3));
    expect(await matched(cache)).toEqual(ids(4));
  });

  it('is packed and loaded from the snapshot and the changes after it', async () => {
    const routing = createRoutingStore(table);
    for (let start = 0; start < 120; start += 10) await createAll(ids(10, start));
    expect(await routing.pack('acme')).toBe('packed');
    expect(await routing.pack('acme')).toBe('fresh');
    await createEndpointStore(table).remove('acme', 'ep_0000');
    await createAll(ids(1, 120));
    const { index, version } = await routing.load('acme');
    expect(version).toBe(await routing.version('acme'));
    expect(index.match(event).map(({ endpointId }) => endpointId)).toEqual(ids(120, 1));
    // What stands in the snapshot does not need the log any more.
    const start = version - 122;
    await deleteItems(
      table,
      Array.from({ length: 120 }, (_, change) => changeKey('acme', start + 1 + change)),
    );
    expect((await routing.load('acme')).index.match(event)).toHaveLength(120);
  });

  /** Incompressible filters: eight of them fill more than two pieces. */
  async function createLarge(): Promise<void> {
    const endpoints = createEndpointStore(table);
    const noise = () => Array.from({ length: 90 }, () => crypto.randomUUID().repeat(25));
    for (const id of ids(12)) {
      const conditions = [
        { field: 'payload.x', operator: 'nin', value: noise().map((text) => shuffle(text)) },
      ] as const;
      await endpoints.create(anEndpoint({ id, filters: { conditions } }));
    }
  }

  it('is packed into as many pieces as it needs, and older pieces go', async () => {
    const routing = createRoutingStore(table);
    await createLarge();
    const first = await routing.load('acme');
    const pieces = packRoutes(first.version, {}, first.index.routes.routes).length;
    expect(pieces).toBeGreaterThanOrEqual(2);
    expect(await routing.pack('acme')).toBe('packed');
    const pieceOf = (version: number) =>
      getItem(table, routesPieceKey('acme', version, 1), { consistent: true });
    expect(await pieceOf(first.version)).toBeDefined();
    const told: number[] = [];
    const packed = await routing.load('acme', (bytes) => told.push(bytes));
    expect(packed.index.routes).toEqual(first.index.routes);
    expect(told).toEqual([first.index.bytes]);

    await createAll(ids(1, 12));
    expect(await routing.pack('acme')).toBe('packed');
    const second = await routing.load('acme');
    expect(await pieceOf(second.version)).toBeDefined();
    expect(await pieceOf(first.version)).toBeUndefined();
    expect(second.index.routes.routes).toHaveLength(13);

    await deleteItems(table, [routesPieceKey('acme', second.version, 1)]);
    expect((await routing.load('acme')).index.routes).toEqual(second.index.routes);
  });

  /** Filters of which each repeats the others: a large application in one small piece. */
  async function createRepetitive(): Promise<void> {
    const endpoints = createEndpointStore(table);
    const value = Array.from({ length: 90 }, () => 'x'.repeat(900));
    const conditions = [{ field: 'payload.x', operator: 'nin', value }] as const;
    for (const id of ids(14)) await endpoints.create(anEndpoint({ id, filters: { conditions } }));
  }

  /** A store, and how many rebuilds of routes it had under way at most. */
  function watchedStore() {
    let rebuilding = 0;
    const seen = { most: 0 };
    const client = through(table.client, async (command) => {
      const isRebuild = JSON.stringify(command.input).includes('"ENDPOINT#"');
      if (!isRebuild) return table.client.send(command);
      rebuilding += 1;
      seen.most = Math.max(seen.most, rebuilding);
      await sleep(20);
      const output = await table.client.send(command);
      rebuilding -= 1;
      return output;
    });
    return { routing: createRoutingStore({ ...table, client }), seen };
  }

  it('of several pieces is packed while nothing else that is large is, to spare memory', async () => {
    await createLarge();
    const { routing, seen } = watchedStore();
    expect(await routing.pack('acme')).toBe('packed');
    await createAll(ids(1, 12));
    const outcomes = await Promise.all([routing.pack('acme'), routing.pack('acme'), routing.pack('acme')]);
    expect(outcomes.toSorted()).toEqual(['fresh', 'fresh', 'packed']);
    expect(seen.most).toBe(1);
  });

  it('of several pieces is left for later when its turn comes too late', async () => {
    await createLarge();
    const routing = createRoutingStore(table);
    await routing.pack('acme');
    await createAll(ids(1, 12));
    const outcomes = await Promise.all([routing.pack('acme'), routing.pack('acme', () => false)]);
    expect(outcomes).toEqual(['packed', 'late']);
  });

  it('that is large in memory and small when packed waits for its turn as well, the first time too', async () => {
    await createRepetitive();
    const { routing, seen } = watchedStore();
    await Promise.all([routing.pack('acme'), routing.pack('acme'), routing.pack('acme')]);
    expect(seen.most).toBe(1);
    const { routes } = (await routing.load('acme')).index;
    expect(packRoutes(1, {}, routes.routes)).toHaveLength(1);
  });

  it('is packed while it changes: the newest snapshot stands, and nothing is lost', async () => {
    const routing = createRoutingStore(table);
    const packing = Promise.all(Array.from({ length: 4 }, () => routing.pack('acme')));
    await createAll(ids(10));
    await packing;
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => routing.pack('acme')));
    expect(outcomes.every((outcome) => outcome === 'packed' || outcome === 'fresh')).toBe(true);
    expect(await matched(aCache())).toEqual(ids(10));
  });

  it('waits for a change that is told but not there yet, when it is rebuilt', async () => {
    const routing = createRoutingStore(table);
    await createAll(ids(2));
    const version = (await routing.version('acme')) ?? 0;
    const change = await getItem(table, changeKey('acme', version), { consistent: true });
    expect(change).toBeDefined();
    await deleteItems(table, [changeKey('acme', version)]);
    await expect(routing.load('acme')).rejects.toThrow(/does not lead to version/);
    // An hour later nothing can be under way any more.
    later = 2 * 60 * 60_000;
    expect((await routing.load('acme')).version).toBe(version);
  });

  it('does not exist without its application', async () => {
    const routing = createRoutingStore(table);
    expect(await routing.version('nobody')).toBeUndefined();
    expect(await routing.changesAfter('nobody', 0)).toEqual([]);
    await expect(routing.load('nobody')).rejects.toThrow(NotFound);
    expect(await routing.pack('nobody')).toBe('missing');
    expect(await matched(aCache(), 'nobody')).toBeUndefined();
  });
});

describe('the note for whoever packs', () => {
  it('counts the changes since it was cleared, and stays when there was another', async () => {
    const attention = createAttentionStore(table);
    const routing = createRoutingStore(table);
    const start = Date.now();
    await createAll(ids(3));
    const [entry, ...others] = await attention.list();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ kind: 'routes', applicationId: 'acme', changes: 3 });
    if (entry?.kind !== 'routes') return;
    expect(entry.version).toBe(await routing.version('acme'));
    expect(entry.since).toBeGreaterThanOrEqual(start);

    await sleep(2);
    await createAll(ids(1, 3));
    await attention.clear(entry);
    const [renewed] = await attention.list();
    expect(renewed).toEqual({ ...entry, changes: 4, version: entry.version + 1 });
    if (renewed === undefined) return;
    await attention.clear(renewed);
    expect(await attention.list()).toEqual([]);
  });
});

describe('an application that is made again', () => {
  it('never passes for its former life', async () => {
    const applications = createApplicationStore(table);
    const endpoints = createEndpointStore(table);
    const { cache } = await warmCache();
    await createAll(ids(2));
    await matched(cache);
    for (const id of ids(2)) await endpoints.remove('acme', id);
    expect(await applications.remove('acme')).toBe('removed');
    // An id can be used again only when no event of its former life is left.
    later = 450 * 24 * 60 * 60_000;
    expect(await applications.create(anApplication())).toBe('created');
    expect(await matched(cache)).toEqual([]);
    await createAll(ids(1, 7));
    expect(await matched(cache)).toEqual(ids(1, 7));
    expect(await matched(aCache())).toEqual(ids(1, 7));
  });
});

const shuffle = (text: string): string =>
  [...text]
    .map((letter) => [Math.random(), letter] as const)
    .sort(([left], [right]) => left - right)
    .map(([, letter]) => letter)
    .join('');
