import { Problem } from '#core/problem/problem.ts';

/**
 * A budget of events a second, as the generic cell rate algorithm keeps it: one number, the time until which all that
 * was taken is paid for. What is taken moves it on; whoever would owe more than the burst has to wait.
 *
 * Times are epoch microseconds, so that a hundred thousand events a second are whole numbers too.
 */
export interface Rate {
  /** 1 to 100,000. */
  readonly perSecond: number;
}

export const fastestRate = 100_000;

const second = 1_000_000;

/**
 * How many events may be owed, and how many a function takes at once to spend one by one: what comes in 50 ms. So in
 * any second at most `perSecond` events are taken, and a burst for the budget and one for each function beyond that.
 */
export const burstOf = ({ perSecond }: Rate): number => Math.ceil(perSecond / 20);

/**
 * How many events are taken at least, what comes in 5 ms, however many a function needs: so all functions together take
 * from a budget at most some 200 times a second, and one item can bear it.
 */
export const leastOf = ({ perSecond }: Rate): number => Math.ceil(perSecond / 200);

/** How long so many events pay, rounded up: never a microsecond too fast. */
export const costOf = (events: number, { perSecond }: Rate): number =>
  Math.ceil((events * second) / perSecond);

/**
 * Up to when the budget may be paid already for so many events to be taken now. More than a burst, a large batch,
 * is taken when nothing is owed, and paid for afterwards.
 */
export const mayOweUntil = (events: number, rate: Rate, now: number): number => now + slack(events, rate);

/** When so many events can be taken, if nobody else takes any. */
export const availableAt = (paidUntil: number, events: number, rate: Rate): number =>
  paidUntil - slack(events, rate);

/** How many events can be taken now, of those that are not more than a burst. */
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
    detail: `the token may post ${perSecond} events a second, and ${what} would be too many; try again in ${seconds} s`,
    accepted: `at most ${perSecond} events a second`,
    headers: { 'retry-after': String(seconds) },
  });
}
