import { type Circuit, cleanCircuit } from '#core/circuit/circuit.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { deliveryId } from '#core/id/ids.ts';
import type { Slot } from '#core/rate-limit/slot.ts';
import { type Attempt, type Delivery, type HeldFor, isHeldByCause, isSettled } from './delivery.ts';

export const apiStatuses = ['queued', 'retrying', 'held', 'succeeded', 'dead', 'cancelled'] as const;
/** A delivery's state as the API tells it. */
export type ApiStatus = (typeof apiStatuses)[number];

/** An attempt as the API shows it; times are ISO 8601, durations milliseconds. */
export type AttemptView = Omit<Attempt, 'startedAt' | 'nextAttemptAt'> & {
  readonly startedAt: string;
  readonly nextAttemptAt?: string;
};

/** A delivery as the API shows it; times are ISO 8601. */
export interface DeliveryView {
  readonly id: string;
  readonly eventId: string;
  readonly endpointId: string;
  readonly status: ApiStatus;
  /** Only of a held one. */
  readonly heldFor?: HeldFor;
  /** Only of a held one. */
  readonly heldSince?: string;
  /** Only of a dead or cancelled one. */
  readonly reason?: string;
  readonly generation: number;
  readonly attempts: readonly AttemptView[];
  readonly createdAt: string;
  readonly settledAt?: string;
  /** The number, within the generation, of the attempt that comes next or may be running; absent once it is settled. */
  readonly nextAttempt?: number;
  /** No attempt starts before it; absent while one may be running or nobody can know, as during a pause. */
  readonly nextAttemptAt?: string;
}

/** A dead delivery as the list of dead letters shows it. */
export interface DeadLetterView extends DeliveryView {
  /** What the last attempt met: its error, or the status it was answered with. */
  readonly finalError: string;
  /** Attempts after the first one, in the generation that died. */
  readonly retryCount: number;
  /** When it died, ISO 8601. */
  readonly timestamp: string;
}

/** A wait for the rate limit is one wait, be it in a queue or in the table. */
const placeInLine = (state: Delivery['state']): Slot | undefined =>
  state.status === 'queued' ? state.slot : undefined;

/** A queued or running delivery counts as retrying once an attempt of its generation has failed. */
export function apiStatus(delivery: Pick<Delivery, 'state' | 'attemptCount'>): ApiStatus {
  const { status } = delivery.state;
  if (placeInLine(delivery.state)) return 'held';
  if (status !== 'queued' && status !== 'attempting') return status;
  return delivery.attemptCount > 0 ? 'retrying' : 'queued';
}

/** @param circuit of its endpoint, whose time a delivery waits for that is held by it */
export function toApi(delivery: Delivery, now: number, circuit: Circuit = cleanCircuit): DeliveryView {
  const { state } = delivery;
  const slot = placeInLine(state);
  const nextAttemptAt = earliestAttempt(delivery, now, circuit);
  return {
    id: deliveryId(delivery.endpointId, delivery.eventId),
    eventId: delivery.eventId,
    endpointId: delivery.endpointId,
    status: apiStatus(delivery),
    ...('heldFor' in state ? { heldFor: state.heldFor, heldSince: iso(state.since) } : {}),
    ...(slot ? { heldFor: 'rate_limit' as const, heldSince: iso(slot.since) } : {}),
    ...('reason' in state ? { reason: state.reason } : {}),
    generation: delivery.generation,
    attempts: delivery.attempts.map(attemptView),
    createdAt: iso(delivery.createdAt),
    ...(isSettled(state) ? { settledAt: iso(state.settledAt) } : {}),
    ...(isSettled(state) ? {} : { nextAttempt: delivery.attemptCount + 1 }),
    ...(nextAttemptAt === undefined ? {} : { nextAttemptAt: iso(nextAttemptAt) }),
  };
}

function earliestAttempt(delivery: Delivery, now: number, circuit: Circuit): number | undefined {
  const { state } = delivery;
  const dueAt = 'dueAt' in state ? state.dueAt : undefined;
  if (!isHeldByCause(delivery)) return dueAt;
  // When somebody ends a pause is not known, nor when a probe closes a half-open circuit.
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

/** A delivery that has no item yet: it is in a queue, or waits there for its event's delay to pass. */
export function undeliveredView(event: StoredEvent, endpointId: string, now: number): DeliveryView {
  return {
    id: deliveryId(endpointId, event.id),
    eventId: event.id,
    endpointId,
    ...(now < event.deliverAt
      ? { status: 'held', heldFor: 'scheduled', heldSince: iso(event.timestamp) }
      : { status: 'queued' }),
    generation: 1,
    attempts: [],
    createdAt: iso(event.timestamp),
    nextAttempt: 1,
    nextAttemptAt: iso(event.deliverAt),
  };
}

function attemptView({ startedAt, nextAttemptAt, ...attempt }: Attempt): AttemptView {
  return {
    ...attempt,
    startedAt: iso(startedAt),
    ...(nextAttemptAt === undefined ? {} : { nextAttemptAt: iso(nextAttemptAt) }),
  };
}

function finalError(last: Attempt | undefined, reason: string): string {
  if (last === undefined) return reason;
  return last.error ?? (last.statusCode === undefined ? reason : `HTTP ${last.statusCode}`);
}

const iso = (time: number): string => new Date(time).toISOString();
