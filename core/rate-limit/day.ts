import type { Budget } from './budget.ts';

/** Microseconds. */
const day = 24 * 60 * 60 * 1_000_000;
// Each function may leave a lease unused at the end of the day.
const leasesPerDay = 10_000;

/**
 * So many units for each day, which begins at midnight UTC. The budget is paid from midnight on, and full when it is paid
 * until the next midnight.
 *
 * @param perDay at least as many as one request may take
 */
export function dayBudget(perDay: number): Budget {
  const from = (now: number): number => now - (now % day);
  const costOf = (units: number): number => Math.ceil((units * day) / perDay);
  const lease = Math.ceil(perDay / leasesPerDay);
  return {
    limit: perDay,
    leastLease: lease,
    mostLeased: lease,
    from,
    costOf,
    mayOweUntil: (units, now) => from(now) + day - costOf(units),
    availableAt: (paidUntil, units, now) =>
      Math.max(from(now), paidUntil) + costOf(units) <= from(now) + day ? now : from(now) + day,
    roomIn: (paidUntil, now) =>
      Math.floor(((from(now) + day - Math.max(from(now), paidUntil)) * perDay) / day),
  };
}
