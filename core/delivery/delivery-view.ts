import { type Circuit, cleanCircuit } from '#core/circuit/circuit.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { deliveryId } from '#core/id/ids.ts';
import { iso } from '#core/validation/instant.ts';
import type { ViewOf } from '#core/validation/view-schemas.ts';
import { apiStatus, queuedSlot } from './api-status.ts';
import { type Attempt, type Delivery, isHeldByCause, isSettled } from './delivery.ts';
import type { attemptViewSchema, deadLetterViewSchema, deliveryViewSchema } from './delivery-view-schema.ts';

export type AttemptView = ViewOf<typeof attemptViewSchema>;
/** A delivery as the API shows it. */
export type DeliveryView = ViewOf<typeof deliveryViewSchema>;
/** A dead delivery as the list of dead letters shows it. */
export type DeadLetterView = ViewOf<typeof deadLetterViewSchema>;

/** @param circuit of the endpoint; its time limits when a delivery that it holds can be attempted */
export function toApi(delivery: Delivery, now: number, circuit: Circuit = cleanCircuit): DeliveryView {
  const { state } = delivery;
  return {
    id: deliveryId(delivery.endpointId, delivery.eventId),
    eventId: delivery.eventId,
    endpointId: delivery.endpointId,
    status: apiStatus(delivery),
    ...hold(state),
    reason: 'reason' in state ? state.reason : undefined,
    generation: delivery.generation,
    attempts: delivery.attempts.map(attemptView),
    createdAt: iso(delivery.createdAt),
    settledAt: isSettled(state) ? iso(state.settledAt) : undefined,
    nextAttempt: isSettled(state) ? undefined : delivery.attemptCount + 1,
    nextAttemptAt: isoIfAny(earliestAttempt(delivery, now, circuit)),
  };
}

function hold(state: Delivery['state']): Pick<DeliveryView, 'heldFor' | 'heldSince'> {
  const slot = queuedSlot(state);
  if (slot) return { heldFor: 'rate_limit', heldSince: iso(slot.since) };
  return 'heldFor' in state ? { heldFor: state.heldFor, heldSince: iso(state.since) } : {};
}

function earliestAttempt(delivery: Delivery, now: number, circuit: Circuit): number | undefined {
  const { state } = delivery;
  const dueAt = 'dueAt' in state ? state.dueAt : undefined;
  if (!isHeldByCause(delivery)) return dueAt;
  // The end of a pause is not known, and neither is the time at which a probe closes a half-open circuit.
  if (circuit.state !== 'open' || !('heldFor' in state) || state.heldFor !== 'circuit') return undefined;
  const earliest = Math.max(dueAt ?? 0, circuit.until);
  return earliest > now ? earliest : undefined;
}

/** Undefined for a delivery that is not dead. */
export function toDeadLetter(delivery: Delivery, now: number): DeadLetterView | undefined {
  const { state } = delivery;
  if (state.status !== 'dead') return undefined;
  return {
    ...toApi(delivery, now),
    finalError: finalError(delivery.attempts.at(-1), state.reason),
    retryCount: Math.max(0, delivery.attemptCount - 1),
    timestamp: iso(state.settledAt),
  };
}

/** A delivery without an item: its message is in a queue, and may wait there for the delay of its event. */
export function undeliveredView(event: StoredEvent, endpointId: string, now: number): DeliveryView {
  const isScheduled = now < event.deliverAt;
  return {
    id: deliveryId(endpointId, event.id),
    eventId: event.id,
    endpointId,
    status: isScheduled ? 'held' : 'queued',
    heldFor: isScheduled ? 'scheduled' : undefined,
    heldSince: isScheduled ? iso(event.timestamp) : undefined,
    generation: 1,
    attempts: [],
    createdAt: iso(event.timestamp),
    nextAttempt: 1,
    nextAttemptAt: iso(event.deliverAt),
  };
}

const attemptView = ({ startedAt, nextAttemptAt, ...attempt }: Attempt): AttemptView => ({
  ...attempt,
  startedAt: iso(startedAt),
  nextAttemptAt: isoIfAny(nextAttemptAt),
});

function finalError(last: Attempt | undefined, reason: string): string {
  if (last === undefined) return reason;
  return last.error ?? (last.statusCode === undefined ? reason : `HTTP ${last.statusCode}`);
}

const isoIfAny = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : iso(time);
