import { type Stored, transition } from '#core/concurrency/transition.ts';
import { timeOf } from '#core/id/ids.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { type Delivery, newDelivery } from './delivery.ts';
import type { Fact } from './fact.ts';

/** The table of deliveries, as what moves them sees it. */
export interface Deliveries {
  get(endpointId: string, eventId: string): Promise<Delivery | undefined>;
  /** Stores a delivery if the revision before it still stands. */
  store(next: Delivery): Promise<Stored<Delivery>>;
}

/** A delivery without an item, as its message describes it. */
export function unstored(
  of: Pick<Delivery, 'applicationId' | 'endpointId' | 'eventId' | 'priority'>,
  now: number,
): Delivery {
  // The queue has kept any delay already. So a clock that runs behind ingest's must not add a wait.
  return newDelivery(of, Math.min(timeOf(of.eventId), now));
}

/**
 * Moves a delivery by one fact: decides and stores. The caller then carries out the commands.
 *
 * @param start as it was read
 * @param clock `random` in [0, 1), `now` in epoch milliseconds
 */
export async function moveDelivery(
  deliveries: Pick<Deliveries, 'store'>,
  start: Delivery,
  fact: Fact,
  clock: { now(): number; random(): number },
): Promise<{ readonly delivery: Delivery; readonly decision: Decision }> {
  const { standing, decision } = await transition(
    `the delivery of ${start.eventId} to ${start.endpointId}`,
    start,
    (delivery = unstored(start, clock.now()), races) =>
      decide(delivery, races === 0 ? fact : afterRace(fact), clock.now(), clock.random()),
    deliveries.store,
  );
  return { delivery: standing ?? unstored(start, clock.now()), decision };
}

/** What a fact still means after another function moved the delivery. */
const afterRace = (fact: Fact): Fact => (fact.kind === 'slot_reserved' ? { kind: 'superseded' } : fact);
