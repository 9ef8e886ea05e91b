import { type Delivery, isSettled } from './delivery.ts';

/**
 * The end of a delivery whose application was removed: cancelled, which the table forgets in its time and no index
 * lists. Undefined when it ended already and nobody looks after it. The dead are looked after: they can be redriven.
 *
 * @param now epoch milliseconds
 */
export function purged(delivery: Delivery, now: number): Delivery | undefined {
  if (isSettled(delivery.state) && delivery.state.status !== 'dead') return undefined;
  return {
    ...delivery,
    revision: delivery.revision + 1,
    state: { status: 'cancelled', reason: 'endpoint_deleted', settledAt: now },
  };
}
