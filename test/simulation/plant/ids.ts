import { createHash } from 'node:crypto';
import { createIds, type Ids } from '#core/id/ids.ts';

/** Ids that are the same in every run. */
export function idsOf(now: () => number): Ids {
  let made = 0;
  return createIds({
    now,
    randomBytes: (count) => {
      made += 1;
      return createHash('sha256').update(String(made)).digest().subarray(0, count);
    },
  });
}

/** Numbers in [0, 1) that are the same for the same seed (Mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
