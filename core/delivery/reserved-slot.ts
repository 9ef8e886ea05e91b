import { isNear, type Limit, type Slot } from '#core/rate-limit/slot.ts';
import type { DeliveryState } from './delivery.ts';

/** The place that a delivery has in its endpoint's line; none if it was reserved under another limit than that of now. */
export function usableSlot(state: DeliveryState, limit: Limit | undefined): Slot | undefined {
  const slot = 'slot' in state ? state.slot : undefined;
  return slot?.perSecond === limit?.perSecond ? slot : undefined;
}

/** A place in line is only reserved for what is due: without the limit, or under another, it is due at once. */
export function isDue(
  state: Extract<DeliveryState, { status: 'queued' }>,
  slot: Slot | undefined,
  limit: Limit | undefined,
  now: number,
): boolean {
  if (slot === undefined || limit === undefined) return state.slot !== undefined || state.dueAt <= now;
  return isNear(state.dueAt, limit, slot.lost, now);
}
