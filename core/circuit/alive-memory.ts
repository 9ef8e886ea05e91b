import { RecentMap } from '#core/concurrency/cache.ts';

/**
 * When each endpoint was last seen alive by this process.
 *
 * Successes of a healthy endpoint are not stored, because that would double the price of each delivery. But if some of many
 * attempts fail, only failures are stored, and they look like failures in a row. So the function that records a failure
 * remembers its own successes. The endpoints that were unused for longest are forgotten first.
 */
export function createAliveMemory(capacity: number) {
  const seen = new RecentMap<string, number>(capacity);
  return {
    /** Epoch milliseconds. */
    aliveAt: (endpointId: string): number | undefined => seen.get(endpointId),
    sawAlive: (endpointId: string, at: number): void => seen.set(endpointId, at),
  };
}
