import { cleanCircuit } from '#core/circuit/circuit.ts';
import { parseDeliveryId } from '#core/id/ids.ts';
import { type Invariant, isFirst, keyOf, type World } from '../world.ts';

/**
 * Promise 4: no attempt starts before its backoff, its Retry-After or its slot is over. What is left, because it would
 * double the price of every delivery: a copy of a first message that comes while nothing is known against the endpoint.
 */
export function neverEarly({ plant, story, violated }: World): Invariant {
  const { skew, staleness } = story.weather;
  // Two clocks decide: that of the function that planned the attempt, and that of the one that makes it.
  const tolerance = 2 * skew;
  /** Since when something is known against each endpoint. */
  const uncleanSince = new Map<string, number>();

  return {
    onEndpoint(id, next) {
      const { state, failures } = next?.circuit ?? cleanCircuit;
      if (state === 'closed' && failures === 0) uncleanSince.delete(id);
      else if (!uncleanSince.has(id)) uncleanSince.set(id, plant.now);
    },
    onRequest({ deliveryId, at }, life) {
      const ids = parseDeliveryId(deliveryId);
      if (!ids) return;
      const { state } = plant.tables.deliveries.get(keyOf(ids)) ?? {};
      const dueAt = state && 'dueAt' in state ? (state.dueAt ?? 0) : 0;
      if (dueAt <= at + tolerance) return;
      const since = uncleanSince.get(ids.endpointId) ?? Number.POSITIVE_INFINITY;
      const mayBeKnown = since + staleness < life.startedAt;
      if (isFirst(life) && !mayBeKnown) return;
      violated(`${deliveryId} is requested ${dueAt - at} ms early: it is ${state?.status} until then`);
    },
  };
}
