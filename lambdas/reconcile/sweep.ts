import { lostAfter } from '#core/delivery/watchdog.ts';

/** How far a sweep over the accepted events has come. Times are epoch milliseconds. */
export interface Sweep {
  /** The sweep covers events accepted from here … */
  readonly since: number;
  /** … until here, exclusive. */
  readonly until: number;
  readonly startedAt: number;
  readonly finishedAt?: number;
  /** Whether the endpoints of all held deliveries are checked, which comes first. */
  readonly areHeldWatched?: boolean;
  /** The last application that is done, in the order of the ids. */
  readonly applicationsDone?: string;
  /** Where the held deliveries or, after them, the events of the next application continue. */
  readonly after?: string;
  /** Deliveries that were queued again. */
  readonly queued: number;
  /** Grows by one with each stored change and guards it. */
  readonly revision: number;
}

const day = 24 * 60 * 60_000;
// The function runs every hour. A run that comes a little early must not skip a sweep.
const tolerance = 10 * 60_000;

/**
 * Milliseconds from the start of one sweep to the next: a day, and less if items expire so soon that a day would leave
 * events which one sweep is too early for and the next one too late.
 */
const period = (retention: number): number => Math.min(day, retention / 2) - tolerance;

/**
 * The sweep to work on now: the standing one while it is unfinished, a new one a day after the last one started (half a
 * day if the retention is one day), and none in between. A new sweep starts where the last one ended, so that each event is looked at once.
 *
 * @param retention in milliseconds; items of deliveries that settled longer ago have expired, so nothing is known of them
 * @param since asks for a new sweep from this time on, as after a restore
 */
export function sweepFor(
  standing: Sweep | undefined,
  now: number,
  retention: number,
  since?: number,
): Sweep | undefined {
  const isUnfinished = standing !== undefined && standing.finishedAt === undefined;
  if (since === undefined && isUnfinished) return standing;
  if (since === undefined && standing !== undefined && now - standing.startedAt < period(retention))
    return undefined;
  return {
    since: Math.max(since ?? standing?.until ?? 0, now - retention),
    until: now - lostAfter,
    startedAt: now,
    queued: 0,
    // Its first page raises the revision that stands, and is stored under that condition.
    revision: standing?.revision ?? 0,
  };
}
