import { lostAfter } from '#core/delivery/attention.ts';

/** How far a walk over the accepted events came. Times are epoch milliseconds. */
export interface Pass {
  /** The walk covers events accepted from here … */
  readonly since: number;
  /** … until here, exclusive. */
  readonly until: number;
  readonly startedAt: number;
  readonly finishedAt?: number;
  /** The last application that was walked to its end, in the order of the ids. */
  readonly applicationsDone?: string;
  /** Where the walk over the next application's events goes on. */
  readonly after?: string;
  /** Deliveries that were queued again. */
  readonly queued: number;
  /** Grows by one with each stored change and guards it. */
  readonly revision: number;
}

// Called every hour: what comes a little early must not make it skip a day.
const period = 24 * 60 * 60_000 - 10 * 60_000;

/**
 * The pass to work on now: the one that stands while it is unfinished, a new one a day after the last began, and
 * none in between. A new one takes over the revision that stands, to be stored with the first step. It
 * begins where the last ended, so that each event is looked at once.
 *
 * @param retention in milliseconds: what settled longer ago is forgotten, and nothing can be said about it
 * @param since asks for a new pass from this time on, as after a restore
 */
export function passFor(
  standing: Pass | undefined,
  now: number,
  retention: number,
  since?: number,
): Pass | undefined {
  const isUnfinished = standing !== undefined && standing.finishedAt === undefined;
  if (since === undefined && isUnfinished) return standing;
  if (since === undefined && standing !== undefined && now - standing.startedAt < period) return undefined;
  return {
    since: Math.max(since ?? standing?.until ?? 0, now - retention),
    until: now - lostAfter,
    startedAt: now,
    queued: 0,
    revision: standing?.revision ?? 0,
  };
}
