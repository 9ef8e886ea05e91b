/**
 * Joins calls that are made at the same time into one, so that the records of a batch share it.
 *
 * @param keyOf only calls with the same key are joined
 * @param most items of one call
 * @param work returns the results in the order of the items; when it rejects, all joined calls reject
 */
export function joined<Item, Result>(
  keyOf: (item: Item) => string,
  most: number,
  work: (items: readonly [Item, ...Item[]]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  const waiting = new Map<string, { readonly item: Item; readonly call: PromiseWithResolvers<Result> }[]>();

  async function run(key: string): Promise<void> {
    const group = waiting.get(key) ?? [];
    waiting.delete(key);
    const [first, ...others] = group.map(({ item }) => item);
    if (first === undefined) return;
    try {
      const results = await work([first, ...others]);
      for (const [index, { call }] of group.entries()) {
        const result = results[index];
        if (result === undefined)
          call.reject(new Error(`${results.length} results for ${group.length} calls`));
        else call.resolve(result);
      }
    } catch (error) {
      for (const { call } of group) call.reject(error);
    }
  }

  return (item) => {
    const key = keyOf(item);
    const call = Promise.withResolvers<Result>();
    const group = waiting.get(key) ?? [];
    group.push({ item, call });
    waiting.set(key, group);
    if (group.length >= most) void run(key);
    // Callers that resume together call within one turn of the event loop.
    else if (group.length === 1) setImmediate(() => void run(key));
    return call.promise;
  };
}
