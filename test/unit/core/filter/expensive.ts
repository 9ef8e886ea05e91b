import { FilterBudget } from '#core/filter/budget.ts';
import { compileFilter } from '#core/filter/compile.ts';
import type { Condition, Filter } from '#core/filter/filter.ts';
import { re2 } from '#core/regex/re2.ts';
import { anEvent } from '#test/support/config-fixtures.ts';

export const longest = 256 * 1024;
export const regex = (value: string, field = 'payload.text'): Condition => ({
  field,
  operator: 'regex',
  value,
});

// An automaton for these has a state for each way to have seen the letters before: it cannot be built.
export const hostile = (width: number): string => `a[ab]{${width}}[cd]`;
export const letters = Array.from({ length: longest }, (_, n) => ((n * 7919) % 13 < 6 ? 'a' : 'b')).join('');

/** Steps that a filter takes, without a limit. */
export function stepsOf(filter: Filter, payload: unknown, metadata: Record<string, unknown> = {}): number {
  const budget = new FilterBudget(Number.MAX_SAFE_INTEGER);
  compileFilter(filter, re2)(anEvent('a', payload), { endpoint: metadata }, budget);
  return budget.spent;
}
