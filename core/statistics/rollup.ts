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
 * A batch that comes again is recognised while fewer writes than these came after it: the other shards of the stream
 * write to the same roll-ups while one of them repeats. Few large ones, since what is remembered is billed with
 * every write: a new table's stream has four shards.
 */
export const writesRemembered = { small: 8, large: 4, changes: 256 } as const;

/** Counts what is new of a batch; undefined when nothing is. */
export function roll(standing: Rollup, batch: readonly Change[], now: number): Rollup | undefined {
  const known = new Set(standing.counted.flat());
  const fresh = new Map<string, Change>();
  for (const change of batch) if (!known.has(change.fingerprint)) fresh.set(change.fingerprint, change);
  if (fresh.size === 0) return undefined;
  const changes = [...fresh.values()];
  return {
    counters: changes.reduce((sum, { counters }) => addCounters(sum, counters), standing.counters),
    counted: lastWrites([changes.map(({ fingerprint }) => fingerprint), ...standing.counted]),
    updatedAt: now,
    revision: standing.revision + 1,
  };
}

function lastWrites(writes: Rollup['counted']): Rollup['counted'] {
  const { small, large, changes } = writesRemembered;
  let together = 0;
  return writes.slice(0, small).filter((write, index) => {
    together += write.length;
    return index < large || together <= changes;
  });
}
