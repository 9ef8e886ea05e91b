import type { Expression, RegexEngine } from '#core/regex/expression.ts';
import { literalStart } from '#core/regex/literal-start.ts';
import type { FilterBudget } from './budget.ts';
import { comparisons, includes } from './comparison.ts';
import { type FilterableEvent, parseField, readField } from './field.ts';
import { type Condition, type Filter, isGroup } from './filter.ts';
import { type FilterMetadata, parseReference, resolveReference } from './reference.ts';

/**
 * Whether an event passes. Whatever the event holds, it throws only this:
 *
 * @throws OutOfSteps
 */
export type CompiledFilter = (
  event: FilterableEvent,
  metadata: FilterMetadata,
  budget: FilterBudget,
) => boolean;

// What finding a field takes, its path aside.
const stepsOfField = 4;

/**
 * Compiles a saved filter.
 *
 * A condition that cannot be compiled (a field or expression that this release does not know) matches
 * nothing: one endpoint's stored filter must not stop an application's events.
 *
 * @throws Error when the filter has a regex condition and no engine is given.
 */
export function compileFilter(filter: Filter, regex?: RegexEngine): CompiledFilter {
  const parts = filter.conditions.map((node) =>
    isGroup(node) ? compileFilter(node, regex) : compileCondition(node, regex),
  );
  if (parts.length === 0) return () => true;
  if (filter.logic === 'OR') return (...of) => parts.some((part) => part(...of));
  return (...of) => parts.every((part) => part(...of));
}

const never: CompiledFilter = () => false;

function compileCondition(condition: Condition, regex: RegexEngine | undefined): CompiledFilter {
  const field = parseField(condition.field);
  if (typeof field === 'string') return never;
  const reading = stepsOfField + field.path.length;
  if (condition.operator === 'regex') {
    if (regex === undefined)
      throw new Error('this filter has a regex condition: pass a RegexEngine (filters/re2.ts)');
    const { value: source } = condition;
    if (typeof source !== 'string') return never;
    // Not before a text is there: making an expression may take longer than looking for it.
    const compiled = once(() => compileRegex(source, regex));
    const start = literalStart(source);
    return (event, _, budget) => {
      budget.spend(reading);
      const actual = readField(event, field);
      if (typeof actual !== 'string') return false;
      if (start !== '' && !includes(actual, start, budget)) return false;
      const expression = compiled();
      if (expression === undefined) return false;
      budget.spendOnSearch(source, expression, actual.length);
      return expression.test(actual);
    };
  }
  const compare = comparisons[condition.operator];
  if (compare === undefined) return never;
  const expected = compileValue(condition);
  return (event, metadata, budget) => {
    budget.spend(reading);
    const value = expected(metadata);
    return value !== undefined && compare(readField(event, field), value, budget);
  };
}

function compileRegex(source: string, regex: RegexEngine): Expression | undefined {
  try {
    return regex.compile(source);
  } catch {
    return undefined;
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The value to compare with; undefined when a reference in it leads nowhere. */
function compileValue({ operator, value }: Condition): (metadata: FilterMetadata) => unknown {
  const reference = parseReference(value);
  if (reference !== undefined) return (metadata) => resolveReference(reference, metadata);
  if ((operator !== 'in' && operator !== 'nin') || !Array.isArray(value)) return () => value;
  const elements = value.map((element) => parseReference(element) ?? { literal: element });
  if (elements.every((element) => 'literal' in element)) return () => value;
  return (metadata) => {
    const filled = elements.map((element) =>
      'literal' in element ? element.literal : resolveReference(element, metadata),
    );
    return filled.includes(undefined) ? undefined : filled;
  };
}
