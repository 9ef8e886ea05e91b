import type { DeliveryView } from '../core/delivery/view.ts';
import { toApi, undeliveredView } from '../core/delivery/view.ts';
import { inlineEndpoints, type StoredEvent, segmentSize } from '../core/event/event.ts';
import type { Page, PageRequest } from '../runtime/http/page.ts';
import type { Deliveries, Events } from './ports.ts';

export interface EventDeliveriesOptions {
  readonly events: Pick<Events, 'segment'>;
  readonly deliveries: Pick<Deliveries, 'getMany'>;
  readonly now: () => number;
  /** How long a settled delivery is kept, in milliseconds. */
  readonly retention: number;
}

/** What the API tells of an event's deliveries, whether or not they have an item yet. */
export function createEventDeliveries({ events, deliveries, now, retention }: EventDeliveriesOptions) {
  async function endpointIds(event: StoredEvent, start: number, count: number): Promise<string[]> {
    if (event.endpointCount <= inlineEndpoints) {
      return event.endpoints.slice(start, start + count).map(({ endpointId }) => endpointId);
    }
    const ids: string[] = [];
    for (let at = start; at < Math.min(start + count, event.endpointCount); ) {
      const segment = (await events.segment(event.id, Math.floor(at / segmentSize))) ?? [];
      const within = at % segmentSize;
      const taken = segment.slice(within, within + start + count - at);
      if (taken.length === 0) break;
      ids.push(...taken.map(({ endpointId }) => endpointId));
      at += taken.length;
    }
    return ids;
  }

  return {
    /** A page in the order in which the endpoints matched. Positions are decimal indexes. */
    async page(event: StoredEvent, { after, limit }: PageRequest): Promise<Page<DeliveryView>> {
      const start = after === undefined ? 0 : Number(after);
      if (!Number.isSafeInteger(start) || start < 0)
        throw new RangeError(`no position of a delivery: ${after}`);
      const ids = await endpointIds(event, start, limit);
      const stored = new Map(
        (await deliveries.getMany(event.id, ids)).map((item) => [item.endpointId, item]),
      );
      const items = ids.flatMap((endpointId) => {
        const delivery = stored.get(endpointId);
        return delivery === undefined ? (undelivered(event, endpointId) ?? []) : toApi(delivery);
      });
      const end = start + ids.length;
      return ids.length > 0 && end < event.endpointCount ? { items, next: String(end) } : { items };
    },

    /** The delivery to an endpoint that has no item; undefined when the event did not match the endpoint. */
    async without(event: StoredEvent, endpointId: string): Promise<DeliveryView | undefined> {
      const segments = Math.ceil(event.endpointCount / segmentSize);
      for (let segment = 0; segment < Math.max(1, segments); segment += 1) {
        const ids = await endpointIds(event, segment * segmentSize, segmentSize);
        if (ids.includes(endpointId)) return undelivered(event, endpointId);
      }
      return undefined;
    },
  };

  // An event outlives its settled deliveries: then a missing item means settled long ago, not still queued.
  function undelivered(event: StoredEvent, endpointId: string): DeliveryView | undefined {
    return now() - event.deliverAt < retention ? undeliveredView(event, endpointId, now()) : undefined;
  }
}

export type EventDeliveries = ReturnType<typeof createEventDeliveries>;
