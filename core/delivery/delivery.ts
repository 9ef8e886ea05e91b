import type { Priority } from '#core/event/event.ts';
import type { Slot } from '#core/rate-limit/slot.ts';

/** Which delivery: there is exactly one for each endpoint and event. */
export interface DeliveryKey {
  readonly endpointId: string;
  readonly eventId: string;
}

/** One HTTP request of a delivery. Times are epoch milliseconds, durations milliseconds. */
export interface Attempt {
  /** Counts from 1 within its generation. */
  readonly number: number;
  readonly generation: number;
  readonly startedAt: number;
  readonly duration: number;
  readonly success: boolean;
  readonly statusCode?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  /** At most 1 KB of the answer, as text. */
  readonly responseBody?: string;
  readonly errorClass?: string;
  readonly error?: string;
  readonly retryable: boolean;
  readonly nextAttemptAt?: number;
}

/** `internal`: Hook0 itself failed on it, most likely because a service that it needs was unavailable. */
export type HeldFor = 'backoff' | 'circuit' | 'internal' | 'paused' | 'rate_limit' | 'scheduled';
export type DeathReason = 'exhausted' | 'refused' | 'gone' | 'forbidden_target' | 'internal';
export type CancelReason = 'endpoint_disabled' | 'endpoint_deleted' | 'event_deleted' | 'expired';

/** Where a delivery is. Times are epoch milliseconds. */
export type DeliveryState =
  /**
   * A message is, or is about to be, in a queue; no attempt before `dueAt`, the time of its `slot` if it has one.
   * `restarted` says that a restart stored it, whose function sends the message next or crashed before. `isProbe` says
   * that the scheduler chose it as the probe of its endpoint's circuit.
   */
  | {
      readonly status: 'queued';
      readonly dueAt: number;
      readonly slot?: Slot;
      readonly restarted?: true;
      readonly isProbe?: true;
    }
  /** A deliver function holds the claim and may be sending right now. After `until` it counts as crashed. */
  | { readonly status: 'attempting'; readonly claimId: string; readonly until: number }
  /** Outside the queues. `dueAt` is the earliest next attempt, absent while only a cause (pause, circuit) holds it. */
  | {
      readonly status: 'held';
      readonly heldFor: HeldFor;
      readonly since: number;
      readonly dueAt?: number;
      readonly slot?: Slot;
    }
  | { readonly status: 'succeeded'; readonly settledAt: number }
  | { readonly status: 'dead'; readonly settledAt: number; readonly reason: DeathReason }
  | { readonly status: 'cancelled'; readonly settledAt: number; readonly reason: CancelReason };

/** How a generation died, epoch milliseconds. */
export interface Death {
  readonly generation: number;
  readonly reason: DeathReason;
  readonly at: number;
}

/** A generation that a restart ended. */
export interface EarlierGeneration {
  readonly generation: number;
  /** Absent if it had not died. */
  readonly death?: Omit<Death, 'generation'>;
  /** The task that restarted the delivery; absent if no task did. */
  readonly taskId?: string;
}

/** One event on its way to one endpoint. Its item in the table decides; messages only wake it. */
export interface Delivery {
  readonly applicationId: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly priority: Priority;
  /** Which run of attempts this is; 1 for the first. */
  readonly generation: number;
  /** The last of the generations before it, oldest first; absent for none. */
  readonly earlier?: readonly EarlierGeneration[];
  /** Attempts made in this generation. */
  readonly attemptCount: number;
  /** The last attempts of all generations, oldest first; see `keepAttempts`. */
  readonly attempts: readonly Attempt[];
  /** How often quarantine has held it since its last attempt; absent for never. */
  readonly quarantines?: number;
  readonly createdAt: number;
  /** How many webhooks led to the request for this generation. @default 0 */
  readonly hops?: number;
  /** Grows by one with each stored change and guards it; 0 is a delivery that was never stored. */
  readonly revision: number;
  readonly state: DeliveryState;
}

export type SettledState = Extract<DeliveryState, { settledAt: number }>;

export function isSettled(state: DeliveryState): state is SettledState {
  return 'settledAt' in state;
}

/** Whether its endpoint's pause or open circuit holds it. */
export function isHeldByCause({ state }: Pick<Delivery, 'state'>): boolean {
  return state.status === 'held' && (state.heldFor === 'paused' || state.heldFor === 'circuit');
}

/** A delivery that is in a queue and has no item yet. */
export function newDelivery(
  of: Pick<Delivery, 'applicationId' | 'endpointId' | 'eventId' | 'priority'>,
  createdAt: number,
): Delivery {
  return {
    applicationId: of.applicationId,
    endpointId: of.endpointId,
    eventId: of.eventId,
    priority: of.priority,
    generation: 1,
    attemptCount: 0,
    attempts: [],
    createdAt,
    revision: 0,
    state: { status: 'queued', dueAt: createdAt },
  };
}

// Messages of an earlier generation come within minutes, so that no more than a few generations matter.
const generationsKept = 5;

/** The earlier generations of a delivery when it is restarted, by a task or otherwise. */
export function endGeneration(
  { generation, state, earlier = [] }: Delivery,
  taskId: string | undefined,
): readonly EarlierGeneration[] {
  const death =
    state.status === 'dead' ? { death: { reason: state.reason, at: state.settledAt } } : undefined;
  const ended = { generation, ...death, ...(taskId === undefined ? {} : { taskId }) };
  return [...earlier, ended].slice(-generationsKept);
}

// An item is billed by its size, which grows with its attempts. A person who debugs needs the latest answers in full, and
// of the other attempts only when and why they failed.
const attemptsKept = 20;
const answersKept = 5;

/** Appends an attempt, keeping the last 20, and response bodies and headers of the last 5. */
export function keepAttempts(attempts: readonly Attempt[], latest: Attempt): readonly Attempt[] {
  const kept = [...attempts, latest].slice(-attemptsKept);
  return kept.map((attempt, index) =>
    index >= kept.length - answersKept ? attempt : withoutAnswer(attempt),
  );
}

/** An attempt without the body and headers of its answer. */
export function withoutAnswer(attempt: Attempt): Attempt {
  const { responseBody, responseHeaders, ...rest } = attempt;
  return rest;
}

/** Whether the body or headers of its answer are kept. */
export const hasAnswer = ({ responseBody, responseHeaders }: Attempt): boolean =>
  responseBody !== undefined || responseHeaders !== undefined;
