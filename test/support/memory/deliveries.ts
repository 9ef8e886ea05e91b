import type { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { settledTtl } from '#adapters/dynamodb/table/event-table.ts';
import { type Delivery, isSettled } from '#core/delivery/delivery.ts';
import { deliveryShards } from '#core/delivery/shards.ts';
import { deadKey, dueKey, heldKey, heldPrefix, shardOf } from '#core/delivery/watchdog.ts';
import { deliveryId, lowestEventId } from '#core/id/ids.ts';
import type { Tables } from './tables.ts';

type Deliveries = Pick<
  ReturnType<typeof createDeliveryStore>,
  | ('get' | 'getMany' | 'store' | 'unsuccessful' | 'without')
  | ('due' | 'held' | 'newestHeld' | 'everyHeld' | 'deadBy')
>;

const keyOf = ({ endpointId, eventId }: { readonly endpointId: string; readonly eventId: string }): string =>
  deliveryId(endpointId, eventId);

export function memoryDeliveries({ deliveries, index, retentionDays }: Tables): Deliveries {
  return {
    get: async (endpointId, eventId) => deliveries.get(keyOf({ endpointId, eventId })),

    getMany: async (eventId, endpointIds) =>
      [...new Set(endpointIds)].flatMap((endpointId) => deliveries.get(keyOf({ endpointId, eventId })) ?? []),

    async store(next) {
      const expiresAt = isSettled(next.state)
        ? settledTtl(next.state.settledAt, retentionDays) * 1_000
        : undefined;
      const outcome = deliveries.put(keyOf(next), next, expiresAt);
      if (outcome === 'stored') index.follow(next);
      return outcome;
    },

    async unsuccessful(endpointId, shard, { since, until, after = '', limit }) {
      const [low, high] = [lowestEventId(since), lowestEventId(until)];
      const found = deliveries
        .all()
        .filter((one) => one.endpointId === endpointId && shardOf(one.eventId, deliveryShards) === shard)
        .filter(({ eventId }) => eventId >= low && eventId < high && eventId > after)
        .filter(({ state }) => state.status === 'dead' || state.status === 'cancelled')
        .toSorted(byEvent)
        .slice(0, limit);
      const last = found.at(-1);
      return last && found.length === limit ? { items: found, next: last.eventId } : { items: found };
    },

    due: async (shard, until, page) => index.page(dueKey(shard), page, until),
    held: async (endpointId, shard, page, until) => index.page(heldKey(endpointId, shard), page, until),
    newestHeld: async (endpointId, shard, limit) => index.latest(heldKey(endpointId, shard), limit),
    everyHeld: async (page) => index.scan(heldPrefix, page),
    deadBy: async (applicationId, shard, until, page) =>
      index.page(deadKey(applicationId, shard), page, until),

    without: async (all) => all.filter((one) => !deliveries.has(keyOf(one))),
  };
}

const byEvent = (a: Delivery, b: Delivery): number => (a.eventId < b.eventId ? -1 : 1);
