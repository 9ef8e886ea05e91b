import type { FilterableEvent } from '#core/filter/field.ts';
import { type Selector, ValueIndex } from './selector.ts';

/** The entries of one event pattern. */
export class Bucket<Entry> {
  /** Entries without a selector: candidates for every event of the pattern. */
  readonly #always = new Set<Entry>();
  readonly #byField = new Map<string, ValueIndex<Entry>>();
  #steps = 0;

  /** Steps to look an event up by all fields. */
  get steps(): number {
    return this.#steps;
  }

  get isEmpty(): boolean {
    return this.#always.size === 0 && this.#byField.size === 0;
  }

  add(entry: Entry, selector: Selector | undefined): void {
    if (selector === undefined) {
      this.#always.add(entry);
      return;
    }
    let index = this.#byField.get(selector.field);
    if (index === undefined) {
      index = new ValueIndex(selector.field);
      this.#byField.set(selector.field, index);
      this.#steps += index.steps;
    }
    index.add(selector.values, entry);
  }

  remove(entry: Entry, selector: Selector | undefined): void {
    this.#always.delete(entry);
    if (selector === undefined) return;
    const index = this.#byField.get(selector.field);
    if (index === undefined) return;
    index.remove(selector.values, entry);
    if (!index.isEmpty) return;
    this.#byField.delete(selector.field);
    this.#steps -= index.steps;
  }

  /** Visits every entry that may match, once. */
  eachCandidate(event: FilterableEvent, visit: (entry: Entry) => void): void {
    for (const entry of this.#always) visit(entry);
    for (const index of this.#byField.values()) {
      for (const entry of index.find(event)) visit(entry);
    }
  }
}
