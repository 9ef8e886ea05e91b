import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { encodeDelivery } from '#adapters/dynamodb/delivery/delivery-item.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { encodeEvent } from '#adapters/dynamodb/event/event-item.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createTokenStore } from '#adapters/dynamodb/token/token-store.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { StoredEvent } from '#core/event/event.ts';
import type { Page } from '#core/page/page.ts';
import { writeAll, writeEndpoints } from '#test/support/bulk-endpoints.ts';
import { anApplication, through } from '#test/support/config-fixtures.ts';
import { deliveryOf, eventOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';
import { startDatabase, type TestDatabase } from '#test/support/dynamodb.ts';

// The number of items that a page reads must not depend on the size of the table.

const retentionDays = 30;
const pageSize = 100;
const smallPage = 20;
const applicationId = 'acme';
let database: TestDatabase;
let eventTable: string;
let configTable: string;

beforeAll(async () => {
  database = await startDatabase();
  eventTable = await database.eventTable();
  configTable = await database.configTable();
});
afterAll(() => database.stop());

interface Reading {
  queries: number;
  items: number;
}

/** A client that counts the items that its queries read, including filtered ones. */
function metered() {
  const reading: Reading = { queries: 0, items: 0 };
  const client = through(database.client, async (command) => {
    const output = (await database.client.send(command as QueryCommand)) as { ScannedCount?: number };
    if (command instanceof QueryCommand) {
      reading.queries += 1;
      reading.items += output.ScannedCount ?? Number.NaN;
    }
    return output;
  });
  return { client, reading };
}

function stores() {
  const { client, reading } = metered();
  const shared = { client, now: () => noon, random: Math.random, retentionDays };
  const events = { ...shared, tableName: eventTable };
  const config = { ...shared, tableName: configTable };
  return {
    reading,
    events: createEventStore(events),
    deliveries: createDeliveryStore(events),
    endpoints: createEndpointStore(config),
    applications: createApplicationStore(config),
    tokens: createTokenStore(config),
  };
}

type Stores = ReturnType<typeof stores>;

/** The most that a page of the list reads, and the number of items in the list. */
async function mostExpensivePage(
  list: (stores: Stores, page: { limit: number; after?: string }) => Promise<Page<unknown>>,
  limit = pageSize,
): Promise<Reading & { readonly found: number; readonly pages: number }> {
  const most: Reading = { queries: 0, items: 0 };
  let found = 0;
  let pages = 0;
  let after: string | undefined;
  do {
    const fresh = stores();
    const page = await list(fresh, { limit, ...(after === undefined ? {} : { after }) });
    most.queries = Math.max(most.queries, fresh.reading.queries);
    most.items = Math.max(most.items, fresh.reading.items);
    found += page.items.length;
    pages += 1;
    if (after !== undefined && page.next !== undefined) expect(page.next).not.toBe(after);
    after = page.next;
  } while (after !== undefined);
  return { ...most, found, pages };
}

const storeEvents = (events: readonly StoredEvent[]) =>
  writeAll(
    database.client,
    eventTable,
    events.map((event) => encodeEvent(event, retentionDays)),
  );
const storeDeliveries = (deliveries: readonly Delivery[]) =>
  writeAll(
    database.client,
    eventTable,
    deliveries.map((delivery) => encodeDelivery(delivery, retentionDays)),
  );

const eventShards = 16;
const deliveryShards = 4;
const rounds = 4;

describe('a page of events', () => {
  const count = 8_000;
  beforeAll(() =>
    storeEvents(
      Array.from({ length: count }, (_, n) => eventOf({ applicationId, timestamp: noon + n, type: 'a.b' })),
    ),
  );

  it.each([
    ['a type that none has', { type: 'other.type' }, 0, eventShards * rounds * 51],
    ['a tag that none has', { tag: 'none' }, 0, eventShards * rounds * 51],
    ['nothing in particular', {}, count, eventShards * rounds * 12],
  ])('reads a bounded number of items for %s', async (_, filter, found, most) => {
    const page = await mostExpensivePage(({ events }, request) =>
      events.list(applicationId, { ...filter, ...request }),
    );
    expect(page.found).toBe(found);
    expect(page.items).toBeLessThanOrEqual(most);
    expect(page.queries).toBeLessThanOrEqual(eventShards * rounds);
    // The end of the table was not the reason.
    expect(page.pages).toBeGreaterThan(2);
  });
});

describe('a page of deliveries', () => {
  const endpointId = idsAt(noon).endpoint();
  const count = 6_000;
  beforeAll(() =>
    storeDeliveries(
      Array.from({ length: count }, (_, n) =>
        movedTo(deliveryOf({ applicationId, endpointId, createdAt: noon + n }), {
          status: 'dead',
          settledAt: noon + n,
          reason: 'refused',
        }),
      ),
    ),
  );

  it.each([
    ['of a status that none has', 'succeeded' as const, 0, deliveryShards * rounds * 101],
    ['of any status', undefined, count, deliveryShards * rounds * 30],
  ])('reads a bounded number of items %s', async (_, status, found, most) => {
    const page = await mostExpensivePage(({ deliveries }, request) =>
      deliveries.listByEndpoint(endpointId, { ...(status && { status }), ...request }),
    );
    expect(page.found).toBe(found);
    expect(page.items).toBeLessThanOrEqual(most);
    expect(page.queries).toBeLessThanOrEqual(deliveryShards * rounds);
    expect(page.pages).toBeGreaterThan(2);
  });

  it.each([
    ['of an endpoint that has none', idsAt(noon).endpoint(), 0, eventShards * rounds * 100],
    ['of all endpoints', undefined, count, eventShards * rounds * 11],
  ])('that are dead, %s, reads a bounded number of items', async (_, wanted, found, most) => {
    const page = await mostExpensivePage(({ deliveries }, request) =>
      deliveries.dead(applicationId, { ...(wanted && { endpointId: wanted }), ...request }),
    );
    expect(page.found).toBe(found);
    expect(page.items).toBeLessThanOrEqual(most);
    expect(page.queries).toBeLessThanOrEqual(eventShards * rounds);
  });

  it('that died in one millisecond also reads a bounded number', async () => {
    const together = Array.from({ length: 1_000 }, () =>
      movedTo(deliveryOf({ applicationId: 'burst', createdAt: noon }), {
        ...{ status: 'dead', settledAt: noon, reason: 'refused' },
      }),
    );
    await storeDeliveries(together);
    const page = await mostExpensivePage(({ deliveries }, request) => deliveries.dead('burst', request));
    expect(page.found).toBe(together.length);
    // All items of the same time have to be read to sort them, with one more query for each key.
    expect(page.queries).toBeLessThanOrEqual(eventShards * rounds * 2);
    expect(page.items).toBeLessThanOrEqual(rounds * together.length);
  });
});

describe('a page of the configuration', () => {
  const count = 300;

  it('reads as many items as its limit', async () => {
    const fresh = stores();
    const ids = Array.from({ length: count }, (_, n) => `app-${String(n).padStart(4, '0')}`);
    for (const id of [applicationId, ...ids.slice(0, 60)]) {
      await fresh.applications.create(anApplication({ id }));
    }
    const url = 'https://example.com/hooks';
    await writeEndpoints(database.client, configTable, count, () => ({ applicationId, url }));
    for (let n = 0; n < 60; n += 1) {
      const record = { id: `tok_${n}`, applicationId, name: 'a', scopes: ['read'] as const, createdAt: noon };
      await fresh.tokens.create(record, `hash-${n}`);
    }
    const endpoints = await mostExpensivePage((s, page) => s.endpoints.list(applicationId, page), smallPage);
    expect(endpoints).toMatchObject({ found: count, queries: 1 });
    const applications = await mostExpensivePage((s, page) => s.applications.list(page), smallPage);
    expect(applications).toMatchObject({ found: 61, queries: 1 });
    const tokens = await mostExpensivePage((s, page) => s.tokens.list(applicationId, page), smallPage);
    expect(tokens).toMatchObject({ found: 60, queries: 1 });
    for (const { items } of [endpoints, applications, tokens]) expect(items).toBeLessThanOrEqual(smallPage);
  });
});
