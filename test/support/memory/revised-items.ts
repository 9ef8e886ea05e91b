interface Revised {
  readonly revision: number;
}

/** What a put under the condition on the revision ends in; `standing` is the live item that did not meet it. */
export type Put<Item> = 'stored' | { readonly standing: Item | undefined };

/** Items that are put only if the revision before theirs stands. An expired item stays until another replaces it. */
export class RevisedItems<Item extends Revised> {
  /** All that were ever put, in order. */
  readonly history: Item[] = [];
  private readonly rows = new Map<string, { readonly item: Item; readonly expiresAt: number }>();
  private readonly now: () => number;

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.now = now;
  }

  get(key: string): Item | undefined {
    const row = this.rows.get(key);
    return row && row.expiresAt > this.now() ? row.item : undefined;
  }

  /** Whether there is an item, an expired one included. */
  has(key: string): boolean {
    return this.rows.has(key);
  }

  /**
   * The same object, put again, is what the SDK makes of a lost answer. Two writers never have the same object.
   *
   * @param expiresAt epoch milliseconds
   */
  put(key: string, item: Item, expiresAt = Number.POSITIVE_INFINITY): Put<Item> {
    const row = this.rows.get(key);
    const isNext =
      item.revision === 1
        ? row === undefined || row.expiresAt <= this.now()
        : row?.item.revision === item.revision - 1;
    if (!isNext) return row?.item === item ? 'stored' : { standing: this.get(key) };
    this.rows.set(key, { item, expiresAt });
    this.history.push(item);
    return 'stored';
  }

  all(): Item[] {
    return [...this.rows.keys()].flatMap((key) => this.get(key) ?? []);
  }
}
