import type { Page, PageRequest } from '#core/page/page.ts';

/** An item and its position: positions of later items are greater strings. */
interface Positioned<Item> {
  readonly position: string;
  readonly item: Item;
}

/** The result of one read of a shard. */
export interface ShardRead<Item> {
  readonly found: readonly Positioned<Item>[];
  /**
   * `found` has everything that is wanted from here (inclusive) up to where the read began, and nothing below. It is
   * lower than where the read began, and absent when the shard holds nothing more.
   */
  readonly readTo?: string | undefined;
}

interface ShardedList<Item> extends PageRequest {
  readonly shards: number;
  /** Continues in a shard, downwards from `before` (exclusive; absent: from the newest). */
  readonly read: (shard: number, before: string | undefined) => Promise<ShardRead<Item>>;
}

// The price of a page has a limit: reads of each shard, however much the filter drops.
const rounds = 4;

/**
 * Merges shards, each ordered, into one page, newest first.
 *
 * A position means the same in every shard, so one position is enough to continue from, and items that are added
 * meanwhile neither repeat nor hide others. The page may be short, even empty, and still have a `next`: then the reads
 * of this page were used up.
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
    // Another read makes sense only for a shard that could still hold one of the first `limit` items.
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
  // Below the highest point that a shard was read to, that shard may still hold items.
  const horizon = shards
    .flatMap(({ exhausted, readTo }) => (exhausted ? [] : (readTo ?? [])))
    .toSorted()
    .at(-1);
  const known = found.filter(({ position }) => horizon === undefined || position >= horizon);
  const page = known.slice(0, limit);
  const next = known.length > limit ? page.at(-1)?.position : horizon;
  return { items: page.map(({ item }) => item), next };
}
