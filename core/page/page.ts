/** A part of a list. `next`, when there may be more, is the position to pass back as `after`. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string | undefined;
}

/** Where a walk over a list that is spread over shards goes on. */
export interface ShardPosition {
  readonly shard: number;
  readonly after?: string | undefined;
}

/** Where a page begins (after the items that were seen before) and how many items it has at most. */
export interface PageRequest {
  readonly after?: string | undefined;
  readonly limit: number;
}
