import { RecentMap } from '#core/concurrency/cache.ts';
import {
  availableAt,
  burstOf,
  costOf,
  leastOf,
  mayOweUntil,
  type Rate,
  rateLimited,
  roomIn,
} from '#core/rate-limit/token-rate.ts';
import type { TokenRecord } from '#core/token/token.ts';

export interface RateLimiterPorts {
  /** Epoch milliseconds. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  sleep(milliseconds: number): Promise<unknown>;
  /** Takes from a token's budget; see the token budget store. Times are epoch microseconds. */
  take(
    tokenId: string,
    taking: {
      readonly now: number;
      readonly cost: number;
      readonly mayOweUntil: number;
      readonly knownPaidUntil: number;
    },
  ): Promise<{ readonly taken: boolean; readonly paidUntil: number }>;
  /** Called when the budget is unavailable, which lets events through. */
  onError(error: unknown): void;
}

export interface RateLimiter {
  /**
   * Counts this many events of a token, or refuses all of them before anything is stored.
   *
   * @throws Problem `rate_limited` (429) with Retry-After
   */
  take(token: Pick<TokenRecord, 'id' | 'rateLimit'>, events: number): Promise<void>;
}

/** What this function holds of a token's budget. Times are epoch milliseconds. */
interface Lease {
  readonly rate: Rate;
  /** Events that were leased and not spent yet; fewer than a burst. */
  left: number;
  /** How many events to lease: about what is spent in a tenth of a second. */
  size: number;
  leasedAt: number;
  /** The budget's time as last read, in epoch microseconds. Other functions move it on. */
  paidUntil: number;
  /** How often in a row the budget had too little. */
  misses: number;
  /** No lease is asked for before this time, which a miss moves on. */
  askAgainAt: number;
  /** Events pass without a lease until then, because the budget was unavailable. */
  openUntil: number;
}

// Leases of other functions empty a budget for moments, although the token stays within its rate.
const longestWait = 100;
// A lease that was spent faster doubles, one that was spent more slowly is halved.
const fast = 100;
const slow = 200;
const openFor = 1_000;
// Each question for a used-up budget is a write to the same item. So each miss doubles the pause until the next one.
const shortestPause = 25;
const longestPause = 1_000;
const mostLeases = 1_000;
const mostTries = 4;

/**
 * Enforces the rates of tokens. A function leases events with one write and spends them without asking again, so that
 * a write pays for many events of a busy token. A token without a rate costs nothing. Events pass while the budget is
 * unavailable. ADR 13 says why.
 */
export function createRateLimiter(ports: RateLimiterPorts): RateLimiter {
  const leases = new RecentMap<string, Lease>(mostLeases);

  function leaseOf(tokenId: string, rate: Rate): Lease {
    const known = leases.get(tokenId);
    if (known?.rate.perSecond === rate.perSecond) return known;
    const none = { left: 0, size: 1, leasedAt: 0, paidUntil: 0, misses: 0, askAgainAt: 0, openUntil: 0 };
    const lease = { rate, ...none };
    leases.set(tokenId, lease);
    return lease;
  }

  async function ask(tokenId: string, lease: Lease, events: number): Promise<boolean> {
    const { rate, paidUntil: knownPaidUntil } = lease;
    const now = ports.now() * 1_000;
    const price = { cost: costOf(events, rate), mayOweUntil: mayOweUntil(events, rate, now) };
    const { taken, paidUntil } = await ports.take(tokenId, { now, ...price, knownPaidUntil });
    lease.paidUntil = paidUntil;
    if (taken) lease.left += events;
    return taken;
  }

  /** Leases at least this many events if the budget has them, and more of what it has for a busy token. */
  async function refill(tokenId: string, lease: Lease, least: number): Promise<void> {
    const wanted = Math.max(least, lease.size);
    let taken = await ask(tokenId, lease, wanted);
    if (!taken) {
      const room = Math.min(wanted, roomIn(lease.paidUntil, lease.rate, ports.now() * 1_000));
      taken = room >= least && (await ask(tokenId, lease, room));
    }
    if (taken) lease.misses = Math.floor(lease.misses / 2);
    else pauseAfterMiss(lease);
    const lasted = ports.now() - lease.leasedAt;
    if (lasted < fast) lease.size = Math.min(burstOf(lease.rate), lease.size * 2);
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
    async take(token, events) {
      if (token.rateLimit === undefined || events === 0) return;
      const lease = leaseOf(token.id, token.rateLimit);
      let waited = 0;
      for (let tried = 0; lease.left < events; tried += 1) {
        if (ports.now() < lease.openUntil) return;
        const least = Math.max(events - lease.left, leastOf(lease.rate));
        const wait = availableAt(lease.paidUntil, least, lease.rate) - ports.now() * 1_000;
        const pause = Math.max(Math.ceil(wait / 1_000), lease.askAgainAt - ports.now());
        // Tries are bounded too, because other functions may take what became available each time.
        if (tried >= mostTries || waited + pause > longestWait) throw rateLimited(lease.rate, events, wait);
        if (pause > 0) {
          waited += pause;
          await ports.sleep(pause);
          continue;
        }
        try {
          await refill(token.id, lease, least);
        } catch (error) {
          lease.openUntil = ports.now() + openFor;
          ports.onError(error);
          return;
        }
      }
      lease.left -= events;
    },
  };
}
