import { comparisons } from './comparison.ts';
import { type FilterableEvent, parseField, readField } from './field.ts';
import { type Condition, type Filter, isGroup } from './filter.ts';
import { type FilterMetadata, parseReference, resolveReference } from './reference.ts';

/** A compiled regular expression, found anywhere in a text. */
export interface Expression {
  test(text: string): boolean;
  /** How many things each character of a text may have to be compared with, at worst. @default 1 */
  readonly width?: number;
}

/** Compiles a regular expression. Given as an argument, so that only those who need an engine load one. */
export interface RegexEngine {
  /** @throws Error when the source is no valid expression. */
  compile(source: string): Expression;
}

/** Whether an event passes. Never throws, whatever the event holds. */
export type CompiledFilter = (event: FilterableEvent, metadata: FilterMetadata) => boolean;

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
  if (filter.logic === 'OR') return (event, metadata) => parts.some((part) => part(event, metadata));
  return (event, metadata) => parts.every((part) => part(event, metadata));
}

const never: CompiledFilter = () => false;

function compileCondition(condition: Condition, regex: RegexEngine | undefined): CompiledFilter {
  const field = parseField(condition.field);
  if (typeof field === 'string') return never;
  if (condition.operator === 'regex') {
    const expression = compileRegex(condition.value, regex);
    if (expression === undefined) return never;
    return (event) => {
      const actual = readField(event, field);
      return typeof actual === 'string' && expression.test(actual);
    };
  }
  const compare = comparisons[condition.operator];
  if (compare === undefined) return never;
  const expected = compileValue(condition);
  return (event, metadata) => {
    const value = expected(metadata);
    return value !== undefined && compare(readField(event, field), value);
  };
}

function compileRegex(
  source: unknown,
  regex: RegexEngine | undefined,
): { test(text: string): boolean } | undefined {
  if (regex === undefined)
    throw new Error('this filter has a regex condition: pass a RegexEngine (filters/re2.ts)');
  if (typeof source !== 'string') return undefined;
  try {
    return regex.compile(source);
  } catch {
    return undefined;
  }
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
