// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of filters are written like this

import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createRoutingStore } from '#adapters/dynamodb/routing/routing-store.ts';
import { deleteItems } from '#adapters/dynamodb/table/batch.ts';
import { changeKey, versionKeys } from '#adapters/dynamodb/table/config-keys.ts';
import { getItem, getItems } from '#adapters/dynamodb/table/config-table.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { NotFound } from '#core/problem/store-errors.ts';
import { createRoutingCache } from '#core/routing/routing-cache.ts';
import { anApplication, anEndpoint, through } from '#test/support/config-fixtures.ts';
import { clock, table } from '#test/support/config-table.ts';
import {
  aCache,
  createAll,
  event,
  ids,
  matched,
  useRoutedApplication,
} from '#test/support/routed-application.ts';

useRoutedApplication();

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
    // The clock stands still, so that a loaded machine does not run out of time: tries are counted, not seconds.
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

  it('outlives its log: after its changes have expired it is read from the items', async () => {
    const { cache } = await warmCache();
    await createAll(ids(3));
    clock.later = 8 * 24 * 60 * 60_000;
    const routing = createRoutingStore(table);
    expect(await routing.changesAfter('acme', 0)).toEqual([]);
    expect(await matched(cache)).toEqual(ids(3));
    expect(await matched(aCache())).toEqual(ids(3));
    await createAll(ids(1, 3));
    expect(await matched(cache)).toEqual(ids(4));
  });

  it('waits for a change that is not visible yet, when it is rebuilt', async () => {
    const routing = createRoutingStore(table);
    await createAll(ids(2));
    const version = (await routing.version('acme')) ?? 0;
    const change = await getItem(table, changeKey('acme', version));
    expect(change).toBeDefined();
    await deleteItems(table, [changeKey('acme', version)]);
    await expect(routing.load('acme')).rejects.toThrow(/does not lead to version/);
    // An hour later every change is visible.
    clock.later = 2 * 60 * 60_000;
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

describe('an application whose id was used before', () => {
  it('has none of the routes of the removed application', async () => {
    const applications = createApplicationStore(table);
    const endpoints = createEndpointStore(table);
    const { cache } = await warmCache();
    await createAll(ids(2));
    await matched(cache);
    for (const id of ids(2)) await endpoints.remove('acme', id);
    expect(await applications.remove('acme')).toBe('removed');
    // An id can be used again only when no event of the removed application is left.
    clock.later = 450 * 24 * 60 * 60_000;
    expect(await applications.create(anApplication())).toBe('created');
    expect(await matched(cache)).toEqual([]);
    await createAll(ids(1, 7));
    expect(await matched(cache)).toEqual(ids(1, 7));
    expect(await matched(aCache())).toEqual(ids(1, 7));
  });
});
