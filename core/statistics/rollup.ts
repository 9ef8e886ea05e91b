import { addCounters, type Counters, noCounters } from './counters.ts';

/**
 * A stored roll-up. The stream delivers a change at least once, so that a roll-up keeps the fingerprints of the changes that
 * its last writes counted.
 */
export interface Rollup {
  readonly counters: Counters;
  /** The fingerprints of counted changes, by write, newest first. */
  readonly counted: readonly (readonly string[])[];
  /** When it was last written, epoch milliseconds. */
  readonly updatedAt: number;
  /** Grows by one with each write; 0 for a roll-up that was never stored. */
  readonly revision: number;
}

export const newRollup: Rollup = { counters: noCounters, counted: [], updatedAt: 0, revision: 0 };

/** A change that adds to a roll-up. */
export interface CountedChange {
  /** Identifies the change; the same each time the stream delivers it. */
  readonly fingerprint: string;
  readonly counters: Counters;
}

/**
 * How many writes a roll-up remembers. A repeated batch is recognised while fewer writes came after it, because other shards
 * of the stream write to the same roll-ups while one of them repeats. Of large writes it remembers fewer, because the
 * fingerprints are billed with every write; the stream of a new table has four shards.
 */
export const writesRemembered = { small: 8, large: 4, changes: 256 } as const;

/** Counts the new changes of a batch; undefined when there are none. */
export function roll(standing: Rollup, batch: readonly CountedChange[], now: number): Rollup | undefined {
  const known = new Set(standing.counted.flat());
  const fresh = new Map<string, CountedChange>();
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
