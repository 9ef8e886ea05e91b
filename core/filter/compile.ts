import type { Expression, RegexEngine } from '#core/regex/expression.ts';
import { literalStart } from '#core/regex/literal-start.ts';
import { parseInstant } from '#core/validation/instant.ts';
import { comparisons, isSearched } from './comparison.ts';
import { comparesTimes, type FilterableEvent, parseField, readField } from './field.ts';
import { type Condition, type Filter, isGroup } from './filter.ts';
import { type FilterMetadata, parseReference, resolveReference } from './reference.ts';

/** Whether an event passes. It throws for no event. */
export type CompiledFilter = (event: FilterableEvent, metadata: FilterMetadata) => boolean;

/**
 * Compiles a saved filter.
 *
 * A condition that this release cannot compile (an unknown field or expression) matches nothing, so that one stored
 * filter does not stop the events of an application.
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
  if (condition.operator === 'regex') {
    if (regex === undefined)
      throw new Error('this filter has a regex condition: pass a RegexEngine (regex/re2.ts)');
    const { value: source } = condition;
    if (typeof source !== 'string') return never;
    // Prepared when there is a text to search, because preparing may take longer than the search.
    const compiled = lazily(() => compileRegex(source, regex));
    const start = literalStart(source);
    const mayMatch = (text: string) =>
      source.startsWith('^') ? text.startsWith(start) : text.includes(start);
    return (event) => {
      const actual = readField(event, field);
      if (typeof actual !== 'string' || !isSearched(actual) || !mayMatch(actual)) return false;
      return compiled()?.test(actual) ?? false;
    };
  }
  const compare = comparisons[condition.operator];
  if (compare === undefined) return never;
  const expected = compileValue(condition);
  const isTime = comparesTimes(field, condition.operator);
  return (event, metadata) => {
    const given = expected(metadata);
    const value = isTime ? asInstants(given) : given;
    if (value === undefined) return false;
    return compare(isTime ? parseInstant(event.timestamp) : readField(event, field), value);
  };
}

/** Times as epoch milliseconds, also in a list; undefined if a value is not a time. */
function asInstants(value: unknown): unknown {
  if (typeof value === 'string') return parseInstant(value);
  const times = Array.isArray(value) ? value.map(asInstants) : [undefined];
  return times.includes(undefined) ? undefined : times;
}

function compileRegex(source: string, regex: RegexEngine): Expression | undefined {
  try {
    return regex.compile(source);
  } catch {
    return undefined;
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The value to compare with; undefined when a reference in it has no value. */
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
