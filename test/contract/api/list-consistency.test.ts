import { describe, expect, it } from 'vitest';
import { encodeDelivery } from '#adapters/dynamodb/delivery/delivery-item.ts';
import { encodeEvent } from '#adapters/dynamodb/event/event-item.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { StoredEvent } from '#core/event/event.ts';
import type { Page } from '#core/page/page.ts';
import { api, apiForAllTests, database } from '#test/support/api-fixture.ts';
import { writeAll, writeEndpoints } from '#test/support/bulk-endpoints.ts';
import { deliveryOf, eventOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';

apiForAllTests({ now: () => noon });

const retentionDays = 30;
const storeEvents = (events: readonly StoredEvent[]) =>
  writeAll(
    database.client,
    api.eventTable,
    events.map((event) => encodeEvent(event, retentionDays)),
  );
const storeDeliveries = (deliveries: readonly Delivery[]) =>
  writeAll(
    database.client,
    api.eventTable,
    deliveries.map((delivery) => encodeDelivery(delivery, retentionDays)),
  );

describe('an item that exists when paging starts', () => {
  /** Reads all pages while `write` adds items. */
  async function pagedWhile<Item>(
    page: (after: string | undefined) => Promise<Page<Item>>,
    write: () => Promise<unknown>,
  ): Promise<Item[]> {
    const seen: Item[] = [];
    let after: string | undefined;
    let pages = 0;
    do {
      // Stops writing at some time, so that paging can end.
      const [{ items, next }] = await Promise.all([page(after), pages < 40 ? write() : undefined]);
      seen.push(...items);
      pages += 1;
      after = next;
    } while (after !== undefined);
    expect(pages).toBeGreaterThan(4);
    return seen;
  }

  // Earlier, later and in between, because clocks that make ids differ.
  const anyTime = () => noon + Math.floor(Math.random() * 2_000) - 500;
  const times = Array.from({ length: 400 }, () => anyTime());

  function expectEachOnce(seen: readonly string[], stood: readonly string[]): void {
    expect(new Set(seen).size).toBe(seen.length);
    const all = new Set(seen);
    expect(stood.filter((id) => !all.has(id))).toEqual([]);
    expect(seen).toEqual(seen.toSorted().toReversed());
  }

  it.each([7, 50])('is listed once while events are added, with %i on a page', async (limit) => {
    const { events } = api.stores;
    const here = `paging-${limit}`;
    const stood = times.map((timestamp) => eventOf({ applicationId: here, timestamp }));
    await storeEvents(stood);
    const seen = await pagedWhile(
      (after) => events.list(here, { limit, after }),
      () =>
        storeEvents(Array.from({ length: 5 }, () => eventOf({ applicationId: here, timestamp: anyTime() }))),
    );
    expectEachOnce(
      seen.map(({ id }) => id),
      stood.map(({ id }) => id),
    );
  });

  it.each([7, 50])('is listed once while deliveries are added, with %i on a page', async (limit) => {
    const { deliveries } = api.stores;
    const endpointId = idsAt(noon).endpoint();
    const made = (createdAt: number) =>
      movedTo(deliveryOf({ applicationId: 'paging', endpointId, createdAt }), {
        ...{ status: 'cancelled', settledAt: createdAt, reason: 'expired' },
      });
    const stood = times.map(made);
    await storeDeliveries(stood);
    const seen = await pagedWhile(
      (after) => deliveries.listByEndpoint(endpointId, { limit, after, status: 'cancelled' }),
      () => storeDeliveries(Array.from({ length: 5 }, () => made(anyTime()))),
    );
    expectEachOnce(
      seen.map(({ eventId }) => eventId),
      stood.map(({ eventId }) => eventId),
    );
  });

  it.each([7, 50])('is listed once while deliveries die, with %i on a page', async (limit) => {
    const { deliveries } = api.stores;
    const here = `dying-${limit}`;
    const died = (at: number) =>
      movedTo(deliveryOf({ applicationId: here, createdAt: at }), {
        ...{ status: 'dead', settledAt: at, reason: 'exhausted' },
      });
    const stood = times.map(died);
    await storeDeliveries(stood);
    let deaths = 0;
    const diesNow = () => {
      deaths += 1;
      return died(noon + 5_000 + deaths);
    };
    const seen = await pagedWhile(
      (after) => deliveries.dead(here, { limit, after }),
      () => storeDeliveries(Array.from({ length: 5 }, () => diesNow())),
    );
    const ids = seen.map(({ eventId, endpointId }) => `${eventId} ${endpointId}`);
    expect(new Set(ids).size).toBe(ids.length);
    const all = new Set(ids);
    expect(deaths).toBeGreaterThan(0);
    expect(stood.filter(({ eventId, endpointId }) => !all.has(`${eventId} ${endpointId}`))).toEqual([]);
  });

  it('is listed once while endpoints are added', async () => {
    const { endpoints } = api.stores;
    const here = 'paging';
    const add = (count: number) =>
      writeEndpoints(database.client, api.config.tableName, count, () => ({ applicationId: here }));
    const stood = await add(200);
    const seen = await pagedWhile(
      (after) => endpoints.list(here, { limit: 7, after }),
      () => add(2),
    );
    expectEachOnce(seen.map(({ endpoint }) => endpoint.id).toReversed(), stood);
  });
});
