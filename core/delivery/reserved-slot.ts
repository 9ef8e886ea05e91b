import { isNear, type Limit, type Slot } from '#core/rate-limit/slot.ts';
import type { DeliveryState } from './delivery.ts';

/** The slot that a delivery has reserved; undefined if the limit was edited since. */
export function usableSlot(state: DeliveryState, limit: Limit | undefined): Slot | undefined {
  const slot = 'slot' in state ? state.slot : undefined;
  return slot?.perSecond === limit?.perSecond ? slot : undefined;
}

/** Only due deliveries reserve slots. So without a limit, or under another one, a delivery with a slot is due at once. */
export function isDue(
  state: Extract<DeliveryState, { status: 'queued' }>,
  slot: Slot | undefined,
  limit: Limit | undefined,
  now: number,
): boolean {
  if (slot === undefined || limit === undefined) return state.slot !== undefined || state.dueAt <= now;
  return isNear(state.dueAt, limit, slot.lost, now);
}
