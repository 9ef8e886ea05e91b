import { Problem } from '#core/problem/problem.ts';

/**
 * A rate of events. Its budget is one number, as in the generic cell rate algorithm: the time until which all events
 * that were taken are paid for. Taking events moves it on. No events can be taken while more than a burst is owed.
 *
 * Times are epoch microseconds, so that a hundred thousand events a second have whole numbers too.
 */
export interface Rate {
  /** 1 to 100,000. */
  readonly perSecond: number;
}

export const fastestRate = 100_000;

const second = 1_000_000;

/**
 * The events of 50 ms: how many may be owed, and how many a function leases at most. So in any second at most
 * `perSecond` events pass, plus a burst for the budget and one for each function.
 */
export const burstOf = ({ perSecond }: Rate): number => Math.ceil(perSecond / 20);

/**
 * The events of 5 ms: how many a function leases at least. So all functions together write the budget's item at most
 * about 200 times a second.
 */
export const leastOf = ({ perSecond }: Rate): number => Math.ceil(perSecond / 200);

/** The time that these events take at the rate, rounded up, so that they never pass too fast. */
export const costOf = (events: number, { perSecond }: Rate): number =>
  Math.ceil((events * second) / perSecond);

/**
 * The latest time until which the budget may be paid, if these events are to be taken now. A batch larger than a burst is
 * taken when nothing is owed, and paid for afterwards.
 */
export const mayOweUntil = (events: number, rate: Rate, now: number): number => now + slack(events, rate);

/** When these events can be taken, if no other function takes any. */
export const availableAt = (paidUntil: number, events: number, rate: Rate): number =>
  paidUntil - slack(events, rate);

/** How many events can be taken now, at most a burst. */
export const roomIn = (paidUntil: number, rate: Rate, now: number): number =>
  Math.floor(burstOf(rate) - (Math.max(0, paidUntil - now) * rate.perSecond) / second);

function slack(events: number, rate: Rate): number {
  const burst = burstOf(rate);
  return Math.floor(((burst - Math.min(events, burst)) * second) / rate.perSecond);
}

/** @param wait - microseconds until the events could be taken. */
export function rateLimited({ perSecond }: Rate, events: number, wait: number): Problem {
  const seconds = Math.max(1, Math.ceil(wait / second));
  const what = events === 1 ? 'this event' : `these ${events} events`;
  return new Problem('rate_limited', {
    detail: `the token may post ${perSecond} events a second, and ${what} would exceed that; try again in ${seconds} s`,
    accepted: `at most ${perSecond} events a second`,
    headers: { 'retry-after': String(seconds) },
  });
}
