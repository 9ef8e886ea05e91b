import { batchGet } from '#adapters/dynamodb/table/batch.ts';
import { putRevision } from '#adapters/dynamodb/table/conditional.ts';
import { deliveryKey, deliveryPartition } from '#adapters/dynamodb/table/event-keys.ts';
import type { EventTable } from '#adapters/dynamodb/table/event-table.ts';
import {
  checkPosition,
  type ItemFilter,
  idRange,
  readAscending,
  readRange,
} from '#adapters/dynamodb/table/id-range.ts';
import { newestFirst } from '#adapters/dynamodb/table/newest-first.ts';
import { type Item, isExpired, keyIn, keyText, readItem } from '#adapters/dynamodb/table/table.ts';
import {
  earliestFirst,
  everyHeld,
  latestFirst,
  latestOf,
} from '#adapters/dynamodb/watchdog/watchdog-index.ts';
import { type ApiStatus, apiStatus } from '#core/delivery/api-status.ts';
import type { Delivery, DeliveryKey } from '#core/delivery/delivery.ts';
import { deliveryShards } from '#core/delivery/shards.ts';
import { deadKey, dueKey, heldKey, watchdogShards } from '#core/delivery/watchdog.ts';
import type { Page, PageRequest } from '#core/page/page.ts';
import { decodeDelivery, encodeDelivery } from './delivery-item.ts';

/** Selects the deliveries of a list. Times are those of their events, epoch milliseconds. */
interface DeliveryFilter {
  readonly status?: ApiStatus;
  /** Inclusive. */
  readonly since?: number;
  /** Exclusive. */
  readonly until?: number;
}

// A page needs its share of each shard and a little more, because shards fill unevenly.
const spare = 4;
// A filter may drop most items of a read, so each read takes more.
const filteredRead = 100;

const endedOtherwise: ItemFilter = {
  expression: '#status IN (:dead, :cancelled)',
  names: { '#status': 'status' },
  values: { ':dead': { S: 'dead' }, ':cancelled': { S: 'cancelled' } },
};

export function createDeliveryStore(table: EventTable) {
  const live = (item: Item | undefined): Delivery | undefined => {
    if (item === undefined) return undefined;
    const { content, ttl } = decodeDelivery(item);
    return isExpired(ttl, table.now()) ? undefined : content;
  };

  return {
    /** Consistent. Undefined for a delivery that was not stored yet. */
    get: async (endpointId: string, eventId: string) =>
      live(await readItem(table, deliveryKey({ endpointId, eventId }))),

    /** Those of an event's deliveries that have an item, in no particular order. */
    async getMany(eventId: string, endpointIds: readonly string[]) {
      const keys = endpointIds.map((endpointId) => deliveryKey({ endpointId, eventId }));
      return (await batchGet(table, keys)).flatMap((item) => live(item) ?? []);
    },

    /**
     * Stores a delivery if the revision before it stands (none before revision 1). Otherwise it changes nothing and
     * returns the delivery that stands.
     */
    async store(next: Delivery) {
      const outcome = await putRevision(table, encodeDelivery(next, table.retentionDays), 'r');
      return outcome.applied ? 'stored' : { standing: live(outcome.standing) };
    },

    /**
     * An endpoint's deliveries, those of the newest events first. A page may be short and still have a `next`.
     *
     * @throws RangeError when `after` is not a position that a page gave out
     */
    async listByEndpoint(
      endpointId: string,
      { status, since, until, after, limit }: PageRequest & DeliveryFilter,
    ) {
      checkPosition(after);
      const perRead = status === undefined ? Math.ceil(limit / deliveryShards) + spare : filteredRead;
      return newestFirst({
        shards: deliveryShards,
        limit,
        after,
        read: async (shard, before) => {
          const partition = deliveryPartition(endpointId, shard);
          const read = await readRange(table, partition, idRange(since, until, before), perRead);
          const deliveries = read.items
            .flatMap((item) => live(item) ?? [])
            .filter((delivery) => status === undefined || apiStatus(delivery) === status);
          return { ...read, found: deliveries.map((item) => ({ position: item.eventId, item })) };
        },
      });
    },

    /**
     * Those of an endpoint's deliveries in one of the `deliveryShards` that are dead or cancelled, those of the oldest
     * events first. `since` is inclusive, `until` exclusive. A page may be short and still have a `next`.
     *
     * @throws RangeError when `after` is not a position that a page gave out
     */
    async unsuccessful(
      endpointId: string,
      shard: number,
      { since, until, after, limit }: PageRequest & { readonly since: number; readonly until: number },
    ): Promise<Page<Delivery>> {
      checkPosition(after);
      const range = idRange(since, until);
      const partition = deliveryPartition(endpointId, shard);
      const read = await readAscending(table, partition, range, after, limit, endedOtherwise);
      return { items: read.items.flatMap((item) => live(item) ?? []), next: read.readTo };
    },

    /** Deliveries that are due by `until` (epoch ms, inclusive), longest due first. The index may be stale. */
    due: (shard: number, until: number, page: PageRequest) =>
      earliestFirst(table, dueKey(shard), page, until),

    /**
     * Deliveries that a pause or an open circuit holds, oldest first. The index may be stale.
     *
     * @param until epoch ms, inclusive: only deliveries that were created by then
     */
    held: (endpointId: string, shard: number, page: PageRequest, until?: number) =>
      earliestFirst(table, heldKey(endpointId, shard), page, until),

    /** The newest of them, at most `limit`. The index may be stale. */
    newestHeld: (endpointId: string, shard: number, limit: number) =>
      latestOf(table, heldKey(endpointId, shard), limit),

    /**
     * All deliveries that a pause or an open circuit holds, in no particular order. A page reads `limit` entries of the
     * whole index and may return none of them. The index may be stale.
     */
    everyHeld: (page: PageRequest) => everyHeld(table, page),

    /** Deliveries that died by `until` (epoch ms, inclusive), longest dead first. The index may be stale. */
    deadBy: (applicationId: string, shard: number, until: number, page: PageRequest) =>
      earliestFirst(table, deadKey(applicationId, shard), page, until),

    /** Those of the deliveries that have no item, not even an expired one. Eventually consistent. */
    async without(deliveries: readonly DeliveryKey[]) {
      const attributes = ['pk', 'sk'];
      const items = await batchGet(table, deliveries.map(deliveryKey), { consistent: false, attributes });
      const present = new Set(items.map((item) => keyText(keyIn(item))));
      return deliveries.filter((delivery) => !present.has(keyText(deliveryKey(delivery))));
    },

    /** An application's dead deliveries, those that died last first. A page may be short and still have a `next`. */
    async dead(
      applicationId: string,
      { endpointId, after, limit }: PageRequest & { readonly endpointId?: string },
    ) {
      const perRead = endpointId === undefined ? Math.ceil(limit / watchdogShards) + spare : filteredRead;
      const { items, ...position } = await newestFirst({
        shards: watchdogShards,
        limit,
        after,
        read: async (shard, before) => {
          const read = await latestFirst(table, deadKey(applicationId, shard), before, perRead);
          return {
            ...read,
            found: read.found.filter(
              ({ item }) => endpointId === undefined || item.endpointId === endpointId,
            ),
          };
        },
      });
      // The index may be stale. The items say which deliveries are still dead.
      const found = (await batchGet(table, items.map(deliveryKey))).flatMap((item) => live(item) ?? []);
      const byKey = new Map(found.map((delivery) => [keyText(deliveryKey(delivery)), delivery]));
      const dead = items.flatMap((item) => byKey.get(keyText(deliveryKey(item))) ?? []);
      return { items: dead.filter(({ state }) => state.status === 'dead'), ...position };
    },
  };
}
