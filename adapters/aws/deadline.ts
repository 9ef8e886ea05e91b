import { AsyncLocalStorage } from 'node:async_hooks';

/** A call was not made, or its answer not awaited, because its deadline has passed. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';

  constructor() {
    super('the time for this call is over');
  }
}

const deadlines = new AsyncLocalStorage<number>();

/**
 * Runs `work`. AWS calls within it that have no answer at the deadline (epoch milliseconds) reject with OutOfTime, and
 * none starts later. So a function that answered, froze and is thawed by its next request does not continue the request
 * before. An earlier outer deadline stays in force.
 */
export function until<Result>(deadline: number, work: () => Promise<Result>): Promise<Result> {
  return deadlines.run(Math.min(deadline, deadlines.getStore() ?? deadline), work);
}

/** Makes one call within the deadline that `until` set, if there is one. */
export async function inTime<Result>(call: () => Promise<Result>): Promise<Result> {
  const deadline = deadlines.getStore();
  if (deadline === undefined) return call();
  const remaining = deadline - Date.now();
  if (remaining <= 0) throw new OutOfTime();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutOfTime()), remaining);
  });
  try {
    return await Promise.race([call(), late]);
  } finally {
    clearTimeout(timer);
  }
}
