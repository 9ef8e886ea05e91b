import { decide } from './decide.ts';
import type { Delivery } from './delivery.ts';
import { type ReleasePorts, wakeUp } from './release.ts';

type Status = Delivery['state']['status'];

/** What came of asking for a new run of attempts: the delivery as it stands then. */
export interface Restart {
  readonly kind: 'restarted' | 'unchanged';
  readonly delivery: Delivery;
}

/** The states from which a delivery, as it stands, may be started again. */
export type Restartable = (delivery: Delivery) => readonly Status[];

/** A redrive starts again what was given up, and nothing else. */
export const redrivable: Restartable = () => ['dead'];

/** A recovery starts again what ended without success, but not what has nothing left to send. */
export const recoverable: Restartable = ({ state }) => {
  if (state.status === 'dead') return ['dead'];
  return state.status === 'cancelled' && state.reason !== 'event_deleted' ? ['cancelled'] : [];
};

/**
 * What a retry by hand may start again. It takes the place of an automatic one that is pending, but not of an
 * attempt that is under way or about to be: asking twice in a row then makes one new generation.
 *
 * @param evenSucceeded for a replay that names the endpoint
 */
export function retryable(now: number, evenSucceeded: boolean): Restartable {
  const unsuccessful: readonly Status[] = ['dead', 'cancelled', 'held', 'queued', 'attempting'];
  const from: readonly Status[] = evenSucceeded ? [...unsuccessful, 'succeeded'] : unsuccessful;
  return (delivery) => (isOnItsWay(delivery, now) ? [] : from);
}

/**
 * Whether an attempt is being made, a message for the first one of its generation is in a queue, or one waits there for
 * its place in the line of a rate limit: started again it would only be sent to its end. Held in the table it is not: its
 * time may have been given by a limit that was raised since.
 */
export function isOnItsWay({ state, attemptCount }: Delivery, now: number): boolean {
  if (state.status === 'attempting') return state.until > now;
  if (state.status !== 'queued') return false;
  return state.slot !== undefined || (attemptCount === 0 && state.dueAt <= now);
}

/**
 * What may be started again of what stood so when it was asked for (epoch ms). A task may repeat a step after a crash:
 * what it started itself has been attempted, settled or held since, and is not started once more.
 */
export const askedAt =
  (at: number, renewable: Restartable): Restartable =>
  (delivery) =>
    hasMovedSince(delivery, at) ? [] : renewable(delivery);

function hasMovedSince({ state, attempts }: Delivery, at: number): boolean {
  if ((attempts.at(-1)?.startedAt ?? 0) > at) return true;
  if ('settledAt' in state) return state.settledAt > at;
  // A claim that was live then belonged to an attempt under way; a later one may be of what was started.
  if (state.status === 'attempting') return state.until > at;
  return state.status === 'held' && state.since > at;
}

// Each lost race means somebody else moved the delivery on; more than a few in one go is trouble of our own.
const mostRaces = 5;

/**
 * Starts the next generation of a delivery, if it still is in this generation and may be. The state
 * moves first and the message follows: a crash in between leaves it queued and watched.
 *
 * @param start as it was read; revision 0 for one without an item
 * @throws Error when the queue refuses the message, or others keep changing the delivery
 */
export async function restart(
  ports: Pick<ReleasePorts, 'wake'> & { readonly deliveries: Pick<ReleasePorts['deliveries'], 'store'> },
  start: Delivery,
  from: Restartable,
  now: number,
): Promise<Restart> {
  let delivery = start;
  for (let races = 0; races < mostRaces; races += 1) {
    const fact = { kind: 'restart_requested', generation: start.generation, from: from(delivery) } as const;
    const { store, commands } = decide(delivery, fact, now, 0);
    if (!store) return { kind: 'unchanged', delivery };
    const outcome = await ports.deliveries.store(store);
    if (outcome === 'stored') {
      for (const command of commands) {
        if (command.kind === 'wake') await ports.wake(store, wakeUp(store), command.delay);
      }
      return { kind: 'restarted', delivery: store };
    }
    if (!outcome.standing) return { kind: 'unchanged', delivery };
    delivery = outcome.standing;
  }
  throw new Error(
    `delivery of ${start.eventId} to ${start.endpointId} changed ${mostRaces} times while it was started again`,
  );
}
