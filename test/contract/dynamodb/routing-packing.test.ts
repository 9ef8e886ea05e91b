import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createRoutingStore } from '#adapters/dynamodb/routing/routing-store.ts';
import { deleteItems } from '#adapters/dynamodb/table/batch.ts';
import { changeKey, routesPieceKey } from '#adapters/dynamodb/table/config-keys.ts';
import { getItem } from '#adapters/dynamodb/table/config-table.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { packRoutes } from '#core/routing/snapshot.ts';
import { anEndpoint, through } from '#test/support/config-fixtures.ts';
import { table } from '#test/support/config-table.ts';
import {
  aCache,
  createAll,
  event,
  ids,
  matched,
  useRoutedApplication,
} from '#test/support/routed-application.ts';

useRoutedApplication();

describe('routing', () => {
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
    const pieceOf = (version: number) => getItem(table, routesPieceKey('acme', version, 1));
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
});

describe('the entry for the scheduler, which packs', () => {
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

const shuffle = (text: string): string =>
  [...text]
    .map((letter) => [Math.random(), letter] as const)
    .sort(([left], [right]) => left - right)
    .map(([, letter]) => letter)
    .join('');
