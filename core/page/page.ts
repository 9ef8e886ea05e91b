/** A part of a list. `next`, when there may be more, is the position to pass back as `after`. */
export interface Page<Item> {
  readonly items: Item[];
  readonly next?: string | undefined;
}

/** Where a page begins (after the items that were seen before) and how many items it has at most. */
export interface PageRequest {
  readonly after?: string | undefined;
  readonly limit: number;
}
