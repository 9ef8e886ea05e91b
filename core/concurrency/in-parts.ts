/** What became of items that were handled in parts. */
export interface Handled<Result> {
  /** Of those that did not fail. */
  readonly results: readonly Result[];
  /** What the others failed with, in their order. */
  readonly failures: readonly unknown[];
  /** All of a part failed, so that it is no matter of single items: what comes behind it was left alone. */
  readonly isHopeless: boolean;
}

/**
 * Handles items side by side, so many at a time. What fails keeps nothing behind it from its turn, unless all that were
 * handled side by side fail.
 *
 * @param hasTime asked before each part but the first; without time the rest is left alone. @default - always
 */
export async function inParts<Item, Result>(
  items: readonly Item[],
  atATime: number,
  handle: (item: Item) => Promise<Result>,
  hasTime: () => boolean = () => true,
): Promise<Handled<Result>> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  for (let from = 0; from < items.length && (from === 0 || hasTime()); from += atATime) {
    const some = items.slice(from, from + atATime);
    const outcomes = await Promise.allSettled(some.map((item) => handle(item)));
    const failed = outcomes.filter((one) => one.status === 'rejected');
    failures.push(...failed.map(({ reason }) => reason));
    // The last part may be a single item.
    const areMany = from === 0 || some.length === atATime;
    if (failed.length === some.length && areMany) return { results, failures, isHopeless: true };
    results.push(...outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  }
  return { results, failures, isHopeless: false };
}
