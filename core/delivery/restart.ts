import { transition } from '#core/concurrency/transition.ts';
import { decide } from './decide.ts';
import { acknowledge } from './decision.ts';
import type { Delivery } from './delivery.ts';
import { wakeUp } from './messages.ts';
import type { ReleasePorts } from './release.ts';
import type { Deliveries } from './transition.ts';

type Status = Delivery['state']['status'];

/** What came of the request for a new generation, and the delivery as it stands then. */
export interface Restart {
  readonly kind: 'restarted' | 'unchanged';
  readonly delivery: Delivery;
}

/** The states from which a delivery, as it stands, may be restarted. */
export type Restartable = (delivery: Delivery) => readonly Status[];

/** A redrive restarts dead deliveries only. */
export const redrivable: Restartable = () => ['dead'];

/** A recovery restarts what ended without success, unless its event was deleted. */
export const recoverable: Restartable = ({ state }) => {
  if (state.status === 'dead') return ['dead'];
  return state.status === 'cancelled' && state.reason !== 'event_deleted' ? ['cancelled'] : [];
};

/**
 * What a retry by hand may restart. It replaces a pending automatic retry, but not an attempt that is under way or about
 * to be: so asking twice in a row makes one new generation.
 *
 * @param evenSucceeded for a replay that names the endpoint
 */
export function retryable(now: number, evenSucceeded: boolean): Restartable {
  const unsuccessful: readonly Status[] = ['dead', 'cancelled', 'held', 'queued', 'attempting'];
  const from: readonly Status[] = evenSucceeded ? [...unsuccessful, 'succeeded'] : unsuccessful;
  return (delivery) => (isOnItsWay(delivery, now) ? [] : from);
}

/**
 * Whether an attempt is being made, a message for the first attempt of the generation is in a queue, or a message waits
 * there for its slot in a rate limit, where a restart would only send it behind all others. A delivery that waits for its
 * slot in the table may be restarted, because the limit may have been raised since.
 */
export function isOnItsWay({ state, attemptCount }: Delivery, now: number): boolean {
  if (state.status === 'attempting') return state.until > now;
  if (state.status !== 'queued') return false;
  return state.slot !== undefined || (attemptCount === 0 && state.dueAt <= now);
}

/**
 * Restricts a restart to deliveries that have not moved since it was asked for (epoch ms). A task that repeats a step
 * after a crash then does not restart what it has restarted before.
 */
export const askedAt =
  (at: number, restartable: Restartable): Restartable =>
  (delivery) =>
    hasMovedSince(delivery, at) ? [] : restartable(delivery);

function hasMovedSince({ state, attempts }: Delivery, at: number): boolean {
  if ((attempts.at(-1)?.startedAt ?? 0) > at) return true;
  if ('settledAt' in state) return state.settledAt > at;
  // A claim that ends later may belong to an attempt of the restarted delivery.
  if (state.status === 'attempting') return state.until > at;
  return state.status === 'held' && state.since > at;
}

/** What asks for a restart. */
export interface RestartRequest {
  /** The task; absent if it is not one. */
  readonly taskId?: string | undefined;
  /** How many webhooks led to the request; deliver stamps one more. @default 0 */
  readonly hops?: number | undefined;
}

const isRestartedBy = ({ earlier = [] }: Delivery, { taskId }: RestartRequest): boolean =>
  taskId !== undefined && earlier.some((one) => one.taskId === taskId);

/** What a restart touches outside this process. */
export interface GenerationPorts extends Pick<ReleasePorts, 'wake'> {
  readonly deliveries: Pick<Deliveries, 'store'>;
  /** Keeps an event as long as if it were delivered at `from` (epoch milliseconds). False when it is gone. */
  keepEvent(applicationId: string, eventId: string, from: number): Promise<boolean>;
  /** How long settled deliveries are kept, in milliseconds. */
  readonly retention: number;
}

// An event lives for the longest delivery, three weeks, and a retention after that. A generation that starts in the first
// week rarely outlives it, and one that starts in the retention has it for three weeks at least.
const freshFor = 7 * 24 * 60 * 60_000;

/** Whether the event outlives a generation that starts now. An old one is kept for longer, which costs a write. */
const outlives = async (
  { applicationId, eventId, createdAt }: Delivery,
  { keepEvent, retention }: GenerationPorts,
  now: number,
): Promise<boolean> =>
  now - createdAt <= Math.min(retention, freshFor) || keepEvent(applicationId, eventId, now);

/**
 * Starts the next generation of a delivery, if it still is in this generation and may be restarted. The state moves
 * first and the message follows: a crash in between leaves it queued and watched. A delivery whose event is gone stays as
 * it is, because there is nothing to send.
 *
 * @param start as it was read; revision 0 for a delivery without an item
 * @param asked - who asks: a task restarts a delivery once, however often it repeats its steps and whatever the clocks of
 *   functions say
 * @throws Error when the queue refuses the message, or other functions keep changing the delivery
 */
export async function restart(
  ports: GenerationPorts,
  start: Delivery,
  from: Restartable,
  now: number,
  asked: RestartRequest = {},
): Promise<Restart> {
  const { generation } = start;
  const isWanted = from(start).includes(start.state.status);
  if (!isWanted || !(await outlives(start, ports, now))) return { kind: 'unchanged', delivery: start };
  const { standing = start, decision } = await transition(
    `the delivery of ${start.eventId} to ${start.endpointId}`,
    start,
    (delivery) =>
      delivery === undefined || isRestartedBy(delivery, asked)
        ? acknowledge
        : decide(delivery, { kind: 'restart_requested', generation, from: from(delivery), ...asked }, now, 0),
    ports.deliveries.store,
  );
  for (const command of decision.commands)
    if (command.kind === 'wake') await ports.wake(standing, wakeUp(standing), command.delay);
  return { kind: decision.store ? 'restarted' : 'unchanged', delivery: standing };
}
