import { stepsOfField } from '#core/filter/cost.ts';
import { type Field, type FilterableEvent, parseField, readField } from '#core/filter/field.ts';
import { type Condition, type Filter, isGroup } from '#core/filter/filter.ts';
import { parseReference } from '#core/filter/reference.ts';

type Literal = string | number | boolean | null;

/** A condition that every event must meet to pass a filter: `field` has one of `values`. */
export interface Selector {
  readonly field: string;
  readonly values: readonly Literal[];
}

/**
 * The first `eq` or `in` with literal values that an event must meet to pass the filter; undefined without one. Many
 * endpoints that each want one customer's events are looked up by it, so that their filters need not be evaluated.
 */
export function selectorOf(filter: Filter | undefined): Selector | undefined {
  if (filter === undefined) return undefined;
  // An OR of one condition is that condition.
  if (filter.logic === 'OR' && filter.conditions.length > 1) return undefined;
  for (const node of filter.conditions) {
    const selector = isGroup(node) ? selectorOf(node) : selectorOfCondition(node);
    if (selector !== undefined) return selector;
  }
  return undefined;
}

function selectorOfCondition({ field, operator, value }: Condition): Selector | undefined {
  const values = operator === 'eq' ? [value] : operator === 'in' && Array.isArray(value) ? value : [];
  const parsed = parseField(field);
  // The same time can be written in many ways.
  if (typeof parsed === 'string' || parsed.root === 'timestamp') return undefined;
  if (values.length === 0 || !values.every(isLiteral)) return undefined;
  return { field, values };
}

const isLiteral = (value: unknown): value is Literal =>
  (value === null || typeof value !== 'object') && value !== undefined && parseReference(value) === undefined;

/** Entries by the value that one field must have. */
export class ValueIndex<Entry> {
  readonly #field: Field | string;
  readonly #entries = new Map<unknown, Set<Entry>>();

  constructor(field: string) {
    this.#field = parseField(field);
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** Steps to look an event up. */
  get steps(): number {
    return typeof this.#field === 'string' ? 0 : stepsOfField(this.#field);
  }

  add(values: readonly Literal[], entry: Entry): void {
    for (const value of values) {
      const entries = this.#entries.get(value);
      if (entries) entries.add(entry);
      else this.#entries.set(value, new Set([entry]));
    }
  }

  remove(values: readonly Literal[], entry: Entry): void {
    for (const value of values) {
      const entries = this.#entries.get(value);
      if (entries?.delete(entry) && entries.size === 0) this.#entries.delete(value);
    }
  }

  /** Map keys compare as `eq` compares literals: by type and value, 0 and -0 alike. */
  find(event: FilterableEvent): Iterable<Entry> {
    if (typeof this.#field === 'string') return [];
    return this.#entries.get(readField(event, this.#field)) ?? [];
  }
}
