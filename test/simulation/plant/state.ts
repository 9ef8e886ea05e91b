import { isHeldByCause, isSettled } from '#core/delivery/delivery.ts';
import type { Matched, MatchedEndpoint } from '#core/event/event.ts';
import { deliveryId } from '#core/id/ids.ts';
import type { Tables } from '#test/support/memory/tables.ts';

/** Whether an accepted delivery has no item. */
export const hasUnstored = (tables: Tables): boolean =>
  [...tables.events.values()].some(
    ({ event }) =>
      event !== undefined &&
      matchedOf(tables, event).some(
        ({ endpointId }) => !tables.deliveries.has(deliveryId(endpointId, event.id)),
      ),
  );

export function matchedOf(
  { segments }: Tables,
  { id, endpointCount, endpoints }: Matched,
): readonly MatchedEndpoint[] {
  if (endpointCount === endpoints.length) return endpoints;
  return [...segments].flatMap(([key, segment]) => (key.startsWith(`${id} `) ? segment.endpoints : []));
}

export const areSettled = ({ deliveries }: Tables): boolean =>
  deliveries.all().every(({ state }) => isSettled(state));

/** Whether a delivery is held for an endpoint that the scheduler does not look at. */
export const hasForgotten = ({ deliveries, watched }: Tables): boolean =>
  deliveries.all().some((delivery) => isHeldByCause(delivery) && !watched.has(delivery.endpointId));

/** Whether nothing is watched but open circuits, whose next probe has to be another event. */
export const isAttended = ({ watched, endpoints }: Tables): boolean =>
  [...watched.keys()].every((id) => {
    const { state, circuit } = endpoints.get(id)?.record ?? {};
    return state?.status === 'active' && circuit?.state === 'open';
  });
