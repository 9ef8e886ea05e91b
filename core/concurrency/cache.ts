/** Entries up to a total weight. Of more, those that were not used for longest leave; the one used last always stays. */
export class RecentMap<Key, Value> {
  readonly #capacity: number;
  readonly #weigh: (value: Value) => number;
  // A Map iterates in the order of insertion, so the first key is the least recently used.
  readonly #entries = new Map<Key, Value>();
  #weight = 0;

  /** @param weigh what an entry counts against the capacity. @default - 1 */
  constructor(capacity: number, weigh: (value: Value) => number = () => 1) {
    this.#capacity = capacity;
    this.#weigh = weigh;
  }

  /** Uses the entry. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  set(key: Key, value: Value): void {
    this.delete(key);
    this.#entries.set(key, value);
    this.#weight += this.#weigh(value);
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#capacity || this.#entries.size === 1) return;
      this.delete(oldest);
    }
  }

  delete(key: Key): void {
    const value = this.#entries.get(key);
    if (value === undefined) return;
    this.#entries.delete(key);
    this.#weight -= this.#weigh(value);
  }
}

interface CacheOptions<Value> {
  /** The total weight of the answers that are kept. @default - none: only calls at the same time share one */
  readonly capacity?: number;
  /** @default - each weighs 1 */
  readonly weigh?: (value: Value) => number;
  /**
   * Whether an answer may still be used.
   *
   * @param age milliseconds since it was asked for; 0 when it has just come and may be kept
   * @param now epoch milliseconds
   * @default - always
   */
  readonly isGood?: (value: Value, age: number, now: number) => boolean;
}

/**
 * Makes a function that asks once for all callers that want the same at the same time, and keeps the answers for later
 * ones while they are good. A call that fails is not kept: the next caller asks again.
 */
export function createCache<Value>({
  capacity = 0,
  weigh = () => 1,
  isGood = () => capacity > 0,
}: CacheOptions<Value>): (key: string, now: number, ask: () => Promise<Value>) => Promise<Value> {
  interface Kept {
    readonly askedAt: number;
    readonly value: Value;
  }
  const kept = new RecentMap<string, Kept>(capacity, ({ value }) => weigh(value));
  const asking = new Map<string, Promise<Value>>();

  return async (key, now, ask) => {
    const known = kept.get(key);
    if (known !== undefined && isGood(known.value, now - known.askedAt, now)) return known.value;
    const running = asking.get(key);
    if (running !== undefined) return running;
    const started = ask()
      .then((value) => {
        if (isGood(value, 0, now)) kept.set(key, { askedAt: now, value });
        return value;
      })
      .finally(() => asking.delete(key));
    asking.set(key, started);
    return started;
  };
}
