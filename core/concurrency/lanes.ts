/**
 * Runs work side by side, at most so many at a time, in the order in which it is asked for.
 *
 * @returns a function that resolves or rejects as its work does; one that fails keeps none behind it from its turn
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
