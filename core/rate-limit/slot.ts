/** A place in the line of an endpoint with a rate limit; its time is the delivery's `dueAt`. */
export interface Slot {
  /** The limit it was reserved under: once that was edited, it is worth nothing. */
  readonly perSecond: number;
  /** How many places before it came too late for this attempt. */
  readonly lost: number;
  /** Since when it is waited for, epoch milliseconds. */
  readonly since: number;
}

/** An endpoint's line: the generic cell rate algorithm, with no burst. Times are epoch milliseconds. */
export interface RateLine {
  /** The next place that is free. */
  readonly next: number;
  readonly perSecond: number;
  /** When the endpoint was edited that it stands for. */
  readonly asOf: number;
}

export interface Reservation {
  readonly perSecond: number;
  /** How many places, one after the other. */
  readonly count: number;
  /** When the endpoint's configuration was edited last, as whoever reserves has read it. */
  readonly asOf: number;
  /** The time of the last place that those who reserve had and lost; absent when they had none. */
  readonly lostAt?: number;
}

/** Milliseconds after its time at which a place is lost: used then, it would come too close to the next ones. */
export const lateBy = 80;
// Clocks of two functions, and the time from the last look at the clock to the request.
const skew = 120;

/**
 * Milliseconds between two places. What is late by at most `lateBy`, on clocks that differ by up to a tenth of a second,
 * may be so much nearer to its neighbour: even then no second gets more than `perSecond` and one.
 */
export const slotInterval = (perSecond: number): number =>
  Math.max(1_000 / perSecond, (1_000 + lateBy + skew) / (perSecond + 1));

/**
 * Nobody waits in a line whose next place is by then. Whoever lost its last place may have it later, and what comes next
 * moves with it: a function that is always late delays the line and does not starve in it.
 */
export const nobodyUntil = ({ perSecond, lostAt }: Reservation, now: number): number =>
  lostAt === undefined ? now : Math.max(now, lostAt + slotInterval(perSecond));

/** Whether the line begins now: nobody waits in it, or the limit it stands for was edited since. */
export function beginsNow(line: RateLine | undefined, reservation: Reservation, now: number): boolean {
  const { perSecond, asOf } = reservation;
  if (line === undefined || line.next <= nobodyUntil(reservation, now)) return true;
  // Whoever has read an older configuration joins the line as it is. Else two functions, one of them behind, would each
  // begin it anew, again and again, and nobody would wait.
  return line.perSecond !== perSecond && line.asOf < asOf;
}

/** The first place of those reserved, and the line after them. */
export function reserve(
  line: RateLine | undefined,
  reservation: Reservation,
  now: number,
): { readonly at: number; readonly line: RateLine } {
  const { perSecond, count, asOf } = reservation;
  const taken = count * slotInterval(perSecond);
  if (line !== undefined && !beginsNow(line, reservation, now))
    return { at: line.next, line: { ...line, next: line.next + taken } };
  return { at: now, line: { next: now + taken, perSecond, asOf } };
}

/** What limits an endpoint, and how long the function that asks may wait for a place, in milliseconds. */
export interface Limit {
  readonly perSecond: number;
  readonly patience: number;
}

// SQS counts whole seconds and is late by some more: what waits there comes back early and waits out the rest in the
// function. A second is enough on most days; who came too late comes earlier the next time.
const lead = (lost: number): number => 1_000 * (1 + lost);
const slack = 1_500;
// So many deliveries of an endpoint may wait in functions whose places are for first attempts.
const mostWaitingAmongOthers = 5;

/** @param amongOthers the function's places are for deliveries that need not wait */
export function patienceOf(perSecond: number, amongOthers: boolean): number {
  return amongOthers ? Math.min(1_000, mostWaitingAmongOthers * slotInterval(perSecond)) : lead(0) + slack;
}

/** Waiting for a place that comes so soon is the function's own part. */
export const isNear = (at: number, { patience }: Limit, lost: number, now: number): boolean =>
  at - now <= patience + (patience > lead(0) ? lead(lost) - lead(0) : 0);

/** Milliseconds that a message for a place waits in its queue: whole seconds, which end before its time. */
export const queuedFor = (remaining: number, { lost }: Slot): number =>
  Math.max(0, Math.floor((remaining - lead(lost)) / 1_000) * 1_000);

/** After so many lost places in a row the queue is not fit to wait in: then the table, for a minute. */
export const mostLost = 4;
