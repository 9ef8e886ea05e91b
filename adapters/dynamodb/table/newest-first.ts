import type { Page, PageRequest } from '#core/page/page.ts';

/** An item and where it stands: positions of later items are greater strings. */
export interface Positioned<Item> {
  readonly position: string;
  readonly item: Item;
}

/** What one read of a shard found. */
export interface ShardRead<Item> {
  readonly found: readonly Positioned<Item>[];
  /**
   * Everything wanted from here (inclusive) up to where the read began is in `found`, and nothing below it. Lower
   * than where the read began. Absent when the shard holds nothing more.
   */
  readonly readTo?: string;
}

export interface ShardedList<Item> extends PageRequest {
  readonly shards: number;
  /** Reads on in a shard, downwards from `before` (exclusive; absent: from the newest). */
  readonly read: (shard: number, before: string | undefined) => Promise<ShardRead<Item>>;
}

// What a page may cost: so many reads of each shard, whatever the filter drops.
const rounds = 4;

/**
 * Merges shards, each ordered, into one page, newest first.
 *
 * A position means the same in every shard, so one position is enough to go on from, and items that are added
 * meanwhile neither repeat nor hide others. The page may be short, even empty, and still have a `next`: then the
 * reads that a page may cost were used up.
 */
export async function newestFirst<Item>(list: ShardedList<Item>): Promise<Page<Item>> {
  const { limit, after, read } = list;
  const shards = Array.from({ length: list.shards }, (_, shard) => ({
    shard,
    readTo: after,
    started: false,
    exhausted: false,
  }));
  let found: Positioned<Item>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const last = found[limit - 1]?.position;
    // Only a shard that could still hold one of the first `limit` items is worth another read.
    const behind = shards.filter(
      ({ started, exhausted, readTo }) =>
        !exhausted && (!started || last === undefined || (readTo !== undefined && readTo > last)),
    );
    const reads = await Promise.all(
      behind.map(async (state) => {
        const result = await read(state.shard, state.readTo);
        state.started = true;
        state.exhausted = result.readTo === undefined;
        state.readTo = result.readTo;
        return result.found;
      }),
    );
    found = [...found, ...reads.flat()].toSorted((a, b) => (a.position < b.position ? 1 : -1));
  }
  // Below the highest point that a shard was read to, others may still hold something.
  const horizon = shards
    .flatMap(({ exhausted, readTo }) => (exhausted ? [] : (readTo ?? [])))
    .toSorted()
    .at(-1);
  const known = found.filter(({ position }) => horizon === undefined || position >= horizon);
  const page = known.slice(0, limit);
  const next = known.length > limit ? page.at(-1)?.position : horizon;
  return { items: page.map(({ item }) => item), ...(next === undefined ? {} : { next }) };
}
