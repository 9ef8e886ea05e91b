import { type Delivery, isSettled } from './delivery.ts';

/**
 * Cancels a delivery whose application was removed, so that no index lists it and it expires. Dead deliveries are cancelled
 * too, because they are listed and could be redriven.
 *
 * @param now epoch milliseconds
 * @returns undefined for a delivery that ended otherwise
 */
export function purged(delivery: Delivery, now: number): Delivery | undefined {
  if (isSettled(delivery.state) && delivery.state.status !== 'dead') return undefined;
  return {
    ...delivery,
    revision: delivery.revision + 1,
    state: { status: 'cancelled', reason: 'endpoint_deleted', settledAt: now },
  };
}
