import type { Budget } from './budget.ts';

/** Units a second. A token's rate is of events. */
export interface Rate {
  /** 1 to 100,000. */
  readonly perSecond: number;
}

export const fastestRate = 100_000;

const second = 1_000_000;

/** How functions share a rate, in units. */
interface Sharing {
  /** How many may be owed, so that they come at once. */
  readonly burst: number;
  readonly leastLease: number;
  readonly mostLeased: number;
}

/** What comes in 50 ms. */
export const burstOf = ({ perSecond }: Rate): number => Math.ceil(perSecond / 20);

/**
 * An exact rate, for a token that an operator limits on purpose. What comes in 50 ms may be owed, and may be leased by a
 * function: in any second at most `perSecond` units pass, plus such a burst for the budget and one for each function. A
 * function leases at least what comes in 5 ms, so that all functions together write the budget's item at most about 200
 * times a second.
 */
export const exactBudget = (rate: Rate): Budget =>
  rateBudget(rate, {
    burst: burstOf(rate),
    leastLease: Math.ceil(rate.perSecond / 200),
    mostLeased: burstOf(rate),
  });

/**
 * A cheap rate, for a cap that nearly all stay far below. A function leases at least what comes in 20 ms, so that even
 * single events at many functions seldom cost a write. What comes in two seconds may be owed, so that a hundred functions
 * may lease at the same time.
 */
export const cheapBudget = (rate: Rate): Budget =>
  rateBudget(rate, {
    burst: 2 * rate.perSecond,
    leastLease: Math.ceil(rate.perSecond / 50),
    mostLeased: burstOf(rate),
  });

/** The generic cell rate algorithm: no units can be taken while more than a burst is owed. */
function rateBudget({ perSecond }: Rate, { burst, ...leases }: Sharing): Budget {
  // More units than a burst are taken when nothing is owed, and paid for afterwards.
  const slack = (units: number): number =>
    Math.floor(((burst - Math.min(units, burst)) * second) / perSecond);
  return {
    limit: perSecond,
    ...leases,
    from: (now) => now,
    costOf: (units) => Math.ceil((units * second) / perSecond),
    mayOweUntil: (units, now) => now + slack(units),
    availableAt: (paidUntil, units) => paidUntil - slack(units),
    roomIn: (paidUntil, now) => Math.floor(burst - (Math.max(0, paidUntil - now) * perSecond) / second),
  };
}
