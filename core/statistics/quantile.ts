import { type Counters, durationBounds } from './counters.ts';

/**
 * An estimate of a quantile of the durations. Like Prometheus's histogram_quantile, it assumes that durations are spread
 * evenly within a bucket. In the last bucket, which has no upper bound, the estimate is the lower bound.
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
