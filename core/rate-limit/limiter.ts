import { RecentMap } from '#core/concurrency/cache.ts';
import type { Problem } from '#core/problem/problem.ts';
import type { Budget } from './budget.ts';

export interface RateLimiterPorts {
  /** Epoch milliseconds. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  sleep(milliseconds: number): Promise<unknown>;
  /** Takes from a budget; see the budget store. Times are epoch microseconds. */
  take(
    key: string,
    taking: {
      readonly now: number;
      readonly cost: number;
      readonly mayOweUntil: number;
      readonly knownPaidUntil: number;
    },
  ): Promise<{ readonly taken: boolean; readonly paidUntil: number }>;
  /** Called when a budget is unavailable, which lets units through. */
  onError(error: unknown): void;
}

/** A budget, and the answer to what exceeds it. */
export interface Cap {
  /** Names the budget in the table. */
  readonly key: string;
  readonly budget: Budget;
  /** @param wait microseconds until these units could be taken */
  refusal(units: number, wait: number): Problem;
}

export interface RateLimiter {
  /**
   * Takes this many units of a budget, or none.
   *
   * @throws Problem the refusal of the cap
   */
  take(cap: Cap, units: number): Promise<void>;
}

/** What this function holds of a budget. Times are epoch milliseconds. */
interface Lease {
  readonly budget: Budget;
  /** Units that were leased and not spent yet; fewer than the largest lease. */
  left: number;
  /** How many units to lease: about what is spent in a tenth of a second. */
  size: number;
  leasedAt: number;
  /** The budget's time as last read, in epoch microseconds. Other functions move it on. */
  paidUntil: number;
  /** How often in a row the budget had too little. */
  misses: number;
  /** No lease is asked for before this time, which a miss moves on. */
  askAgainAt: number;
  /** Units pass without a lease until then, because the budget was unavailable. */
  openUntil: number;
}

// Leases of other functions empty a budget for moments, although the rate is kept.
const longestWait = 100;
// A lease that was spent faster doubles, one that was spent more slowly is halved.
const fast = 100;
const slow = 200;
const openFor = 1_000;
// Each question for a used-up budget is a write to the same item. So each miss doubles the pause until the next one.
const shortestPause = 25;
const longestPause = 1_000;
const mostLeases = 3_000;
const mostTries = 4;

/**
 * Enforces budgets that functions share. A function leases units with one write and spends them without asking again, so
 * that a write pays for many of them. Units pass while the budget is unavailable. ADR 13 says why.
 */
export function createRateLimiter(ports: RateLimiterPorts): RateLimiter {
  const leases = new RecentMap<string, Lease>(mostLeases);

  function leaseOf(key: string, budget: Budget): Lease {
    const known = leases.get(key);
    if (known?.budget.limit === budget.limit) return known;
    const none = { left: 0, leasedAt: 0, paidUntil: 0, misses: 0, askAgainAt: 0, openUntil: 0 };
    const lease = { budget, size: budget.leastLease, ...none };
    leases.set(key, lease);
    return lease;
  }

  async function ask(key: string, lease: Lease, units: number): Promise<boolean> {
    const { budget, paidUntil: knownPaidUntil } = lease;
    const now = ports.now() * 1_000;
    const price = { cost: budget.costOf(units), mayOweUntil: budget.mayOweUntil(units, now) };
    const { taken, paidUntil } = await ports.take(key, { now: budget.from(now), ...price, knownPaidUntil });
    lease.paidUntil = paidUntil;
    if (taken) lease.left += units;
    return taken;
  }

  /** Leases at least this many units if the budget has them, and more of what it has for a busy caller. */
  async function refill(key: string, lease: Lease, least: number): Promise<void> {
    const wanted = Math.max(least, lease.size);
    let taken = await ask(key, lease, wanted);
    if (!taken) {
      const room = Math.min(wanted, lease.budget.roomIn(lease.paidUntil, ports.now() * 1_000));
      taken = room >= least && (await ask(key, lease, room));
    }
    if (taken) lease.misses = Math.floor(lease.misses / 2);
    else pauseAfterMiss(lease);
    const lasted = ports.now() - lease.leasedAt;
    if (lasted < fast) lease.size = Math.min(lease.budget.mostLeased, lease.size * 2);
    else if (lasted > slow) lease.size = Math.max(1, Math.floor(lease.size / 2));
    lease.leasedAt = ports.now();
  }

  function pauseAfterMiss(lease: Lease): void {
    const pause = Math.min(longestPause, shortestPause * 2 ** Math.min(lease.misses, 10));
    lease.misses += 1;
    // Jitter, so that functions which missed together do not ask together.
    lease.askAgainAt = ports.now() + Math.ceil(pause * (0.5 + ports.random() / 2));
  }

  return {
    async take({ key, budget, refusal }, units) {
      if (units === 0) return;
      const lease = leaseOf(key, budget);
      let waited = 0;
      for (let tried = 0; lease.left < units; tried += 1) {
        if (ports.now() < lease.openUntil) return;
        const least = Math.max(units - lease.left, budget.leastLease);
        const now = ports.now() * 1_000;
        const wait = budget.availableAt(lease.paidUntil, least, now) - now;
        const pause = Math.max(Math.ceil(wait / 1_000), lease.askAgainAt - ports.now());
        // Tries are bounded too, because other functions may take what became available each time.
        if (tried >= mostTries || waited + pause > longestWait) throw refusal(units, wait);
        if (pause > 0) {
          waited += pause;
          await ports.sleep(pause);
          continue;
        }
        try {
          await refill(key, lease, least);
        } catch (error) {
          lease.openUntil = ports.now() + openFor;
          ports.onError(error);
          return;
        }
      }
      lease.left -= units;
    },
  };
}
