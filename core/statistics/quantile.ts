import { type Counters, durationBounds } from './counters.ts';

/**
 * A quantile of the attempts' durations, estimated: within the bucket that holds it, durations are taken as evenly
 * spread, as Prometheus's histogram_quantile does. Beyond the last bound there is nothing to interpolate to, so it
 * is the last bound.
 *
 * @param quantile above 0, at most 1
 * @returns milliseconds; undefined without attempts
 */
export function estimateQuantile(
  { durations }: Pick<Counters, 'durations'>,
  quantile: number,
): number | undefined {
  const total = durations.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const rank = quantile * total;
  let below = 0;
  let lower = 0;
  for (const [index, bound] of durationBounds.entries()) {
    const count = durations[index] ?? 0;
    if (count > 0 && below + count >= rank) {
      return Math.round((lower + ((bound - lower) * (rank - below)) / count) * 1_000);
    }
    below += count;
    lower = bound;
  }
  return lower * 1_000;
}
