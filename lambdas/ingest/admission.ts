import { RecentMap } from '#core/concurrency/recent-map.ts';
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

export interface AdmissionPorts {
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
  /** Told of a budget that could not be asked; then events are let through. */
  troubled(error: unknown): void;
}

/**
 * Lets so many events of a token in, or refuses all of them before anything is stored.
 *
 * @throws Problem `rate_limited` (429) with Retry-After
 */
export type Admit = (token: Pick<TokenRecord, 'id' | 'rateLimit'>, events: number) => Promise<void>;

/** What this function holds of a token's budget. */
interface Lease {
  readonly rate: Rate;
  /** Events that were taken and not spent yet; fewer than a burst. */
  left: number;
  /** How many to take at once: about what is spent in a tenth of a second. */
  size: number;
  /** When it was taken last, epoch ms. */
  takenAt: number;
  /** As known; others move it on. Epoch µs. */
  paidUntil: number;
  /** How often in a row others had come first. */
  misses: number;
  /** Not before (epoch ms): who comes second again and again asks less often. */
  askAgainAt: number;
  /** Until then (epoch ms) nobody is asked, since the budget did not answer. */
  openUntil: number;
}

// Others' leases empty a budget for moments in which nobody is above the rate.
const patience = 100;
const spentFast = 100;
const spentSlowly = 200;
const openFor = 1_000;
// Many functions that share a budget which is used up would ask for every event, and each question costs a write of one
// and the same item. So each asks half as often when it came too late, down to about once a second.
const shortestMiss = 25;
const longestMiss = 1_000;
const mostLeases = 1_000;
const mostTries = 4;

/**
 * Enforces tokens' rates. A function takes some events of the budget at once and spends them by itself, so that a
 * busy token costs one write for many events; a token without a limit costs nothing.
 *
 * A budget that cannot be asked lets events through: an event that is refused because a counter is throttled may be
 * lost for good, one too many costs its price.
 */
export function createAdmission(ports: AdmissionPorts): Admit {
  const leases = new RecentMap<string, Lease>(mostLeases);

  function leaseOf(tokenId: string, rate: Rate): Lease {
    const known = leases.get(tokenId);
    if (known?.rate.perSecond === rate.perSecond) return known;
    const lease = {
      rate,
      left: 0,
      size: 1,
      takenAt: 0,
      paidUntil: 0,
      misses: 0,
      askAgainAt: 0,
      openUntil: 0,
    };
    leases.set(tokenId, lease);
    return lease;
  }

  async function take(tokenId: string, lease: Lease, events: number): Promise<boolean> {
    const now = ports.now() * 1_000;
    const { rate } = lease;
    const { taken, paidUntil } = await ports.take(tokenId, {
      ...{ now, cost: costOf(events, rate), mayOweUntil: mayOweUntil(events, rate, now) },
      knownPaidUntil: lease.paidUntil,
    });
    lease.paidUntil = paidUntil;
    if (!taken) return false;
    lease.left += events;
    return true;
  }

  function missed(lease: Lease): void {
    const longest = Math.min(longestMiss, shortestMiss * 2 ** Math.min(lease.misses, 10));
    lease.misses += 1;
    // Those who missed together must not come back together.
    lease.askAgainAt = ports.now() + Math.ceil(longest * (0.5 + ports.random() / 2));
  }

  /** Takes what is needed, and more beside it while there is more. */
  async function refill(tokenId: string, lease: Lease, needed: number): Promise<void> {
    const { rate } = lease;
    const least = Math.max(needed, leastOf(rate));
    const wanted = Math.max(least, lease.size);
    let taken = await take(tokenId, lease, wanted);
    if (!taken) {
      const room = Math.min(wanted, roomIn(lease.paidUntil, rate, ports.now() * 1_000));
      taken = room >= least && (await take(tokenId, lease, room));
    }
    if (taken) lease.misses = Math.floor(lease.misses / 2);
    else missed(lease);
    const since = ports.now() - lease.takenAt;
    if (since < spentFast) lease.size = Math.min(burstOf(rate), lease.size * 2);
    else if (since > spentSlowly) lease.size = Math.max(1, Math.floor(lease.size / 2));
    lease.takenAt = ports.now();
  }

  return async (token, events) => {
    if (token.rateLimit === undefined || events === 0) return;
    const lease = leaseOf(token.id, token.rateLimit);
    let waited = 0;
    for (let tried = 0; lease.left < events; tried += 1) {
      if (ports.now() < lease.openUntil) return;
      const needed = events - lease.left;
      const least = Math.max(needed, leastOf(lease.rate));
      const wait = availableAt(lease.paidUntil, least, lease.rate) - ports.now() * 1_000;
      const pause = Math.max(Math.ceil(wait / 1_000), lease.askAgainAt - ports.now());
      // Also when others come first each time, though there is something: they use it up.
      if (tried >= mostTries || waited + pause > patience) throw rateLimited(lease.rate, events, wait);
      if (pause > 0) {
        waited += pause;
        await ports.sleep(pause);
        continue;
      }
      try {
        await refill(token.id, lease, needed);
      } catch (error) {
        lease.openUntil = ports.now() + openFor;
        ports.troubled(error);
        return;
      }
    }
    lease.left -= events;
  };
}
