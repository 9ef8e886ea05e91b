/**
 * Runs work side by side, at most so many at a time, in the order in which it is asked for.
 *
 * @returns a function that resolves or rejects as its work does; work that fails does not delay the work behind it
 */
export function createLanes(count: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const lanes = Array.from({ length: count }, (): Promise<unknown> => Promise.resolve());
  let asked = 0;
  return (work) => {
    const lane = asked % count;
    asked += 1;
    const turn = (lanes[lane] ?? Promise.resolve()).then(work, work);
    lanes[lane] = turn;
    return turn;
  };
}

/**
 * Handles items side by side, so many at a time.
 *
 * @returns the results in the order of the items
 * @throws the first error; then the items behind that part are not handled
 */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  atATime: number,
  handle: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += atATime) {
    const some = items.slice(from, from + atATime);
    results.push(...(await Promise.all(some.map((item) => handle(item)))));
  }
  return results;
}

/** What became of items that were handled in parts. */
interface PartsResult<Result> {
  /** Of those that did not fail. */
  readonly results: readonly Result[];
  /** What the others failed with, in their order. */
  readonly failures: readonly unknown[];
  /** All of a part failed, so that the cause is not a single item: the items behind that part were not handled. */
  readonly isHopeless: boolean;
}

/**
 * Handles items side by side, so many at a time. An item that fails does not keep those behind it from their turn,
 * unless all of a part fail.
 *
 * @param hasTime asked before each part but the first; without time the rest is left alone. @default - always
 */
export async function inParts<Item, Result>(
  items: readonly Item[],
  atATime: number,
  handle: (item: Item) => Promise<Result>,
  hasTime: () => boolean = () => true,
): Promise<PartsResult<Result>> {
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
