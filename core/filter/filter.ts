/** The operators of conditions. `docs/filters.md` defines each. */
export const operators = [
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'nin',
  'contains',
  'regex',
  'exists',
] as const;

export type Operator = (typeof operators)[number];

export const logics = ['AND', 'OR'] as const;

type Logic = (typeof logics)[number];

/** Compares one field of the event with a value. */
export interface Condition {
  readonly field: string;
  readonly operator: Operator;
  readonly value?: unknown;
}

/** Conditions and further groups joined by `logic` (default AND). An empty group matches everything. */
export interface Filter {
  readonly logic?: Logic | undefined;
  readonly conditions: readonly (Condition | Filter)[];
}

/** What is accepted when a filter is saved. */
export const filterLimits = {
  /** Groups in groups, the outermost included. */
  levels: 5,
  conditions: 50,
  groups: 50,
  /** UTF-8 bytes of any one string: field, value, regex. */
  stringBytes: 1024,
  /** Elements of an `in` or `nin` array. */
  elements: 100,
  /** Levels of an array or object as a value. */
  valueDepth: 64,
  /** UTF-8 bytes of the whole filter as JSON, so that it fits into its items. */
  totalBytes: 128 * 1024,
  /** Characters of a text, and elements of an array, in which `contains` and `regex` look. */
  searched: 16 * 1024,
  /**
   * Steps that one filter may take for the largest event, and all filters together that one event may have to pass. A
   * step stands for 10 ns, so this is 180 ms.
   */
  steps: 18_000_000,
} as const;

/** What makes filters cheaper, for error messages. */
export const cheaperFilters =
  'Use eq or in, begin an expression with ^ and limit its repetitions, as in ^[0-9]{1,20}$, or choose fewer event types';

export const isGroup = (node: Condition | Filter): node is Filter => 'conditions' in node;

/** Every condition of a filter, groups flattened, in the order written. */
export function* conditionsOf(filter: Filter): Generator<Condition> {
  for (const node of filter.conditions) {
    if (isGroup(node)) yield* conditionsOf(node);
    else yield node;
  }
}

/** Whether the filter needs a regex engine to be compiled. */
export function usesRegex(filter: Filter): boolean {
  for (const condition of conditionsOf(filter)) if (condition.operator === 'regex') return true;
  return false;
}
