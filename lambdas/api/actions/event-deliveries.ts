import type { Delivery } from '#core/delivery/delivery.ts';
import { type DeliveryView, toApi, undeliveredView } from '#core/delivery/delivery-view.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { matchedEndpoints } from '#core/event/matched.ts';
import type { Page, PageRequest } from '#core/page/page.ts';
import type { Services, Uses } from '../services.ts';

const day = 24 * 60 * 60 * 1_000;

type ViewServices = Uses<'endpoints', 'outline'> & Pick<Services, 'now' | 'retentionDays'>;

/** A page of an event's deliveries, in the order in which the endpoints matched. Positions are decimal indexes. */
export async function eventDeliveries(
  services: ViewServices & Uses<'events', 'segment'> & Uses<'deliveries', 'getMany'>,
  event: StoredEvent,
  { after, limit }: PageRequest,
): Promise<Page<DeliveryView>> {
  const start = after === undefined ? 0 : Number(after);
  if (!Number.isSafeInteger(start) || start < 0) throw new RangeError(`not a position in a list: ${after}`);
  const matched = await matchedEndpoints(event, start, limit, services.events.segment);
  const ids = matched.map(({ endpointId }) => endpointId);
  const stored = await services.deliveries.getMany(event.id, ids);
  const byEndpoint = new Map(stored.map((delivery) => [delivery.endpointId, delivery]));
  const views = await Promise.all(
    ids.map(async (endpointId) => {
      const delivery = byEndpoint.get(endpointId);
      return delivery === undefined
        ? undelivered(services, event, endpointId)
        : delivered(services, delivery);
    }),
  );
  const items = views.filter((view) => view !== undefined);
  const end = start + ids.length;
  return ids.length > 0 && end < event.endpointCount ? { items, next: String(end) } : { items };
}

/** The view of a delivery that has an item. */
export async function delivered({ endpoints, now }: ViewServices, delivery: Delivery): Promise<DeliveryView> {
  const { state, applicationId, endpointId } = delivery;
  // Only the view of a delivery that waits for the circuit depends on the circuit.
  const isWaiting = state.status === 'held' && state.heldFor === 'circuit';
  const record = isWaiting ? await endpoints.outline(applicationId, endpointId) : undefined;
  return toApi(delivery, now(), record?.circuit);
}

/**
 * The view of a delivery that has no item. The table keeps an event longer than its settled deliveries, so the delivery of
 * an old event settled long ago and there is nothing to show.
 */
export function undelivered(
  { now, retentionDays }: Pick<Services, 'now' | 'retentionDays'>,
  event: StoredEvent,
  endpointId: string,
): DeliveryView | undefined {
  const isKept = now() - event.deliverAt < retentionDays * day;
  return isKept ? undeliveredView(event, endpointId, now()) : undefined;
}
