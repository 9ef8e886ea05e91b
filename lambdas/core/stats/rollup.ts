import { addCounters, type Counters, noCounters } from './counters.ts';

/**
 * A roll-up as it is stored. The stream hands a change over at least once, so a roll-up remembers which changes its
 * last writes counted.
 */
export interface Rollup {
  readonly counters: Counters;
  /** The fingerprints of the changes that were counted, by write, newest first. */
  readonly counted: readonly (readonly string[])[];
  /** When it was last written, epoch milliseconds. */
  readonly updatedAt: number;
  /** Grows by one with each write; 0 was never stored. */
  readonly revision: number;
}

export const newRollup: Rollup = { counters: noCounters, counted: [], updatedAt: 0, revision: 0 };

/** A change that adds to a roll-up. */
export interface Change {
  /** Tells it from all others; the same whenever it comes again. */
  readonly fingerprint: string;
  readonly counters: Counters;
}

/**
 * A batch that comes again is recognised while no more writes than this came between: the other shards of the
 * stream write to the same roll-ups while one of them repeats.
 */
export const writesRemembered = 8;

/** Counts what is new of a batch; undefined when nothing is. */
export function roll(standing: Rollup, batch: readonly Change[], now: number): Rollup | undefined {
  const known = new Set(standing.counted.flat());
  const fresh = new Map<string, Change>();
  for (const change of batch) if (!known.has(change.fingerprint)) fresh.set(change.fingerprint, change);
  if (fresh.size === 0) return undefined;
  const changes = [...fresh.values()];
  return {
    counters: changes.reduce((sum, { counters }) => addCounters(sum, counters), standing.counters),
    counted: [changes.map(({ fingerprint }) => fingerprint), ...standing.counted].slice(0, writesRemembered),
    updatedAt: now,
    revision: standing.revision + 1,
  };
}
