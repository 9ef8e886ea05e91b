import { watchdogShards } from '#core/delivery/watchdog.ts';

export const shards = Array.from({ length: watchdogShards }, (_, shard) => shard);

/**
 * Works through the shards one after the other, while there is time. A shard that fails does not stop the others.
 *
 * @returns the sum of what `work` returned
 * @throws the first failure, in the end
 */
export async function eachShard(
  work: (shard: number) => Promise<number>,
  hasTime: () => boolean,
): Promise<number> {
  let count = 0;
  const failures: unknown[] = [];
  for (const shard of shards) {
    if (!hasTime()) break;
    try {
      count += await work(shard);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return count;
}
