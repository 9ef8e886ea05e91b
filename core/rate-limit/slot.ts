/** A slot in an endpoint's rate limit that a delivery has reserved; its time is the delivery's `dueAt`. */
export interface Slot {
  /** The limit it was reserved under. After an edit of the limit the slot counts no more. */
  readonly perSecond: number;
  /** How many earlier slots this attempt missed. */
  readonly lost: number;
  /** Since when the delivery waits for it, epoch milliseconds. */
  readonly since: number;
}

/** All slots of an endpoint: the generic cell rate algorithm without bursts. Times are epoch milliseconds. */
export interface SlotSequence {
  /** The next free slot. */
  readonly next: number;
  readonly perSecond: number;
  /** When the configuration that `perSecond` comes from was edited. */
  readonly asOf: number;
}

export interface Reservation {
  readonly perSecond: number;
  /** How many consecutive slots to reserve. */
  readonly count: number;
  /** When the configuration that the caller read was edited. */
  readonly asOf: number;
  /** The last slot that one of the deliveries missed; absent when none had one. */
  readonly lostAt?: number;
}

/** Milliseconds after which a slot is missed, because a later request would come too close to the next ones. */
export const lateBy = 80;
// Covers the clocks of two functions, and the time from the last look at the clock to the request.
const skew = 120;

/**
 * Milliseconds between two slots, padded for lateness and clock skew, so that no second sees more than `perSecond + 1`
 * requests.
 */
export const slotInterval = (perSecond: number): number =>
  Math.max(1_000 / perSecond, (1_000 + lateBy + skew) / (perSecond + 1));

/**
 * The latest time at which the next slot still counts as free. A delivery that missed the last slot may move it, and the
 * slots after it, to a later time: so a function that is always late slows the sequence down and does not starve.
 */
export const idleUntil = ({ perSecond, lostAt }: Reservation, now: number): number =>
  lostAt === undefined ? now : Math.max(now, lostAt + slotInterval(perSecond));

/** Whether the sequence starts now, because no delivery waits for a slot or because the limit was edited. */
export function beginsNow(slots: SlotSequence | undefined, reservation: Reservation, now: number): boolean {
  const { perSecond, asOf } = reservation;
  if (slots === undefined || slots.next <= idleUntil(reservation, now)) return true;
  // A caller with an older configuration uses the sequence as it is. Otherwise two functions with different
  // configurations would restart it in turns, and no delivery would wait.
  return slots.perSecond !== perSecond && slots.asOf < asOf;
}

/** The first of the reserved slots, and the sequence after them. */
export function reserve(
  slots: SlotSequence | undefined,
  reservation: Reservation,
  now: number,
): { readonly at: number; readonly slots: SlotSequence } {
  const { perSecond, count, asOf } = reservation;
  const taken = count * slotInterval(perSecond);
  if (slots !== undefined && !beginsNow(slots, reservation, now))
    return { at: slots.next, slots: { ...slots, next: slots.next + taken } };
  return { at: now, slots: { next: now + taken, perSecond, asOf } };
}

/** An endpoint's limit, and how long a function may wait for a slot, in milliseconds. */
export interface Limit {
  readonly perSecond: number;
  readonly patience: number;
}

// SQS counts whole seconds and is late by some more. So a message comes back early, and the function waits for the rest.
// One second is usually enough; each missed slot adds another.
const lead = (lost: number): number => 1_000 * (1 + lost);
const slack = 1_500;
// How many deliveries of one endpoint may wait in the functions that make first attempts.
const mostWaitingAmongOthers = 5;

/** @param amongOthers the function also makes deliveries that need not wait */
export function patienceOf(perSecond: number, amongOthers: boolean): number {
  return amongOthers ? Math.min(1_000, mostWaitingAmongOthers * slotInterval(perSecond)) : lead(0) + slack;
}

/** Whether the slot comes so soon that the function itself waits for it. */
export const isNear = (at: number, { patience }: Limit, lost: number, now: number): boolean =>
  at - now <= patience + (patience > lead(0) ? lead(lost) - lead(0) : 0);

/** Milliseconds for which the queue delays a message that waits for a slot: whole seconds that end before the slot. */
export const queuedFor = (remaining: number, { lost }: Slot): number =>
  Math.max(0, Math.floor((remaining - lead(lost)) / 1_000) * 1_000);

/** After so many missed slots the queue is too late: the delivery waits in the table for a minute. */
export const mostLost = 4;
