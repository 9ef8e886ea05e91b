/** What the attention entry of an application's routes says. `since` is when the first unpacked change came. */
export interface Unpacked {
  readonly changes: number;
  /** Epoch milliseconds. */
  readonly since: number;
}

// A cold ingest reads the snapshot and then each change after it: a hundred fit in one page of a query.
const mostChanges = 100;
// Changes live for days; a quiet application is packed long before its first one expires.
const longestUnpacked = 10 * 60_000;

/** Whether a new snapshot is worth its writes. `now` in epoch milliseconds. */
export function shouldPack({ changes, since }: Unpacked, now: number): boolean {
  return changes >= mostChanges || now - since >= longestUnpacked;
}
