/** The functions' clock: milliseconds that it is ahead of this machine's, in memory that their threads share. */
export interface FunctionClock {
  readonly shared: SharedArrayBuffer;
  advance(milliseconds: number): void;
}

/** A clock that has this machine's time until it is advanced. */
export function createFunctionClock(): FunctionClock {
  const shared = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  const ahead = new BigInt64Array(shared);
  return {
    shared,
    advance: (milliseconds) => void Atomics.add(ahead, 0, BigInt(milliseconds)),
  };
}

/**
 * Makes `Date` of this thread read a shared clock. Timers do not change.
 *
 * @returns reads this machine's clock
 */
export function followClock(shared: SharedArrayBuffer): () => number {
  const real = Date;
  const ahead = new BigInt64Array(shared);
  const now = (): number => real.now() + Number(Atomics.load(ahead, 0));
  globalThis.Date = new Proxy(real, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
  return real.now;
}
