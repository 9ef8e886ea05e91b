import type { Slot } from '#core/rate-limit/slot.ts';
import type { Delivery } from './delivery.ts';

export const apiStatuses = ['queued', 'retrying', 'held', 'succeeded', 'dead', 'cancelled'] as const;

/** The status of a delivery as the API shows it. */
export type ApiStatus = (typeof apiStatuses)[number];

/** The rate-limit slot that a delivery waits for in a queue. The API shows it like a wait in the table. */
export const queuedSlot = (state: Delivery['state']): Slot | undefined =>
  state.status === 'queued' ? state.slot : undefined;

/** A queued or running delivery counts as retrying once an attempt of its generation has failed. */
export function apiStatus({ state, attemptCount }: Pick<Delivery, 'state' | 'attemptCount'>): ApiStatus {
  if (queuedSlot(state)) return 'held';
  if (state.status !== 'queued' && state.status !== 'attempting') return state.status;
  return attemptCount > 0 ? 'retrying' : 'queued';
}
