import type { Page, PageRequest } from '#adapters/http-api/page.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { DeliveryView } from '#core/delivery/delivery-view.ts';
import { toApi, undeliveredView } from '#core/delivery/delivery-view.ts';
import type { MatchedEndpoint, StoredEvent } from '#core/event/event.ts';
import { matchedAmong, matchedEndpoint, matchedEndpoints } from '#core/event/matched.ts';
import type { Deliveries, Endpoints, Events } from '../ports.ts';

export interface EventDeliveriesOptions {
  readonly endpoints: Pick<Endpoints, 'get'>;
  readonly events: Pick<Events, 'segment'>;
  readonly deliveries: Pick<Deliveries, 'getMany'>;
  readonly now: () => number;
  /** How long a settled delivery is kept, in milliseconds. */
  readonly retention: number;
}

/** What the API tells of an event's deliveries, whether or not they have an item yet. */
export function createEventDeliveries(options: EventDeliveriesOptions) {
  const { endpoints, events, deliveries, now, retention } = options;

  return {
    /** A page in the order in which the endpoints matched. Positions are decimal indexes. */
    async page(event: StoredEvent, { after, limit }: PageRequest): Promise<Page<DeliveryView>> {
      const start = after === undefined ? 0 : Number(after);
      if (!Number.isSafeInteger(start) || start < 0)
        throw new RangeError(`no position of a delivery: ${after}`);
      const matched = await matchedEndpoints(event, start, limit, events.segment);
      const ids = matched.map(({ endpointId }) => endpointId);
      const stored = new Map(
        (await deliveries.getMany(event.id, ids)).map((item) => [item.endpointId, item]),
      );
      const views = await Promise.all(
        ids.map(async (endpointId) => {
          const delivery = stored.get(endpointId);
          return delivery === undefined ? undelivered(event, endpointId) : tell(delivery);
        }),
      );
      const items = views.filter((view) => view !== undefined);
      const end = start + ids.length;
      return ids.length > 0 && end < event.endpointCount ? { items, next: String(end) } : { items };
    },

    /** An endpoint that the event matched, with the priority of its delivery. */
    matched: (event: StoredEvent, endpointId: string): Promise<MatchedEndpoint | undefined> =>
      matchedEndpoint(event, endpointId, events.segment),

    /** Those of these endpoints that the event matched. */
    among: (event: StoredEvent, endpointIds: readonly string[]): Promise<MatchedEndpoint[]> =>
      matchedAmong(event, endpointIds, events.segment),

    undelivered,
    tell,
  };

  /** The view of a delivery that has an item. */
  async function tell(delivery: Delivery): Promise<DeliveryView> {
    const { state, applicationId, endpointId } = delivery;
    // Only a delivery that waits for the circuit is worth the reading of it.
    const isWaiting = state.status === 'held' && state.heldFor === 'circuit';
    const record = isWaiting ? await endpoints.get(applicationId, endpointId) : undefined;
    return toApi(delivery, now(), record?.circuit);
  }

  /**
   * The view of a delivery that has no item. An event outlives its settled deliveries: then a missing item means
   * settled long ago, not still queued, and there is nothing to show.
   */
  function undelivered(event: StoredEvent, endpointId: string): DeliveryView | undefined {
    return now() - event.deliverAt < retention ? undeliveredView(event, endpointId, now()) : undefined;
  }
}

export type EventDeliveries = ReturnType<typeof createEventDeliveries>;
