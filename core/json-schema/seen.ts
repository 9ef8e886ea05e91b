import type { Run } from './run.ts';

/** The evaluated members of one object or array, for `unevaluatedProperties` and `unevaluatedItems`. */
export class Seen {
  readonly #keys = new Set<string>();
  readonly #indexes = new Set<number>();
  #allKeys = false;
  /** All items before this one are evaluated. */
  #items = 0;

  key(key: string): void {
    this.#keys.add(key);
  }

  index(index: number): void {
    this.#indexes.add(index);
  }

  allKeys(): void {
    this.#allKeys = true;
  }

  itemsBefore(end: number): void {
    this.#items = Math.max(this.#items, end);
  }

  hasKey(key: string): boolean {
    return this.#allKeys || this.#keys.has(key);
  }

  hasIndex(index: number): boolean {
    return index < this.#items || this.#indexes.has(index);
  }

  /** Adds the members that a schema for the same value has evaluated. */
  add(other: Seen, run: Run): void {
    run.spend(3 * (other.#keys.size + other.#indexes.size));
    for (const key of other.#keys) this.#keys.add(key);
    for (const index of other.#indexes) this.#indexes.add(index);
    this.#allKeys ||= other.#allKeys;
    this.itemsBefore(other.#items);
  }
}
