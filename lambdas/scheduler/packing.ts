import type { RoutesEntry } from '#core/delivery/attention-entry.ts';

// A cold ingest function reads the snapshot and then each change after it. A hundred changes fit in one page of a query.
const mostChanges = 100;
// Changes expire after some days. An application with few changes is packed long before that.
const longestUnpacked = 10 * 60_000;

/** Whether a new snapshot of the routes is worth its writes. */
export const shouldPack = (
  { changes, since }: Pick<RoutesEntry, 'changes' | 'since'>,
  now: number,
): boolean => changes >= mostChanges || now - since >= longestUnpacked;
