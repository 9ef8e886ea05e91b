import { RecentMap } from '#core/concurrency/cache.ts';

/**
 * When each endpoint was last seen alive by this process.
 *
 * Successes of a healthy endpoint are not stored, since that would double the price of each delivery. But of many
 * attempts at a time some may fail, and taken alone those would look like failures in a row: whoever records a failure
 * remembers the successes around it. Endpoints that were not heard of for longest are forgotten first.
 */
export function createAliveMemory(capacity: number) {
  const seen = new RecentMap<string, number>(capacity);
  return {
    /** Epoch milliseconds. */
    aliveAt: (endpointId: string): number | undefined => seen.get(endpointId),
    sawAlive: (endpointId: string, at: number): void => seen.set(endpointId, at),
  };
}
