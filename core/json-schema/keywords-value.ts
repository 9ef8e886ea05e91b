import { describeValue } from '#core/json/describe.ts';
import type { Expression } from '#core/regex/expression.ts';
import { canonical, visitsOf } from './canonical.ts';
import { isMultipleOf } from './decimal.ts';
import type { Keyword, KeywordContext, Keywords } from './keyword.ts';
import type { Run } from './run.ts';
import type { Check } from './subschema.ts';

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: (value) => Array.isArray(value),
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  string: (value) => typeof value === 'string',
};

const type: Keyword = (value, context) => {
  const names: unknown[] = Array.isArray(value) ? value : [value];
  const tests = names.map((name) => (typeof name === 'string' ? kinds[name] : undefined));
  const known = tests.filter((test) => test !== undefined);
  if (known.length === 0 || known.length < names.length || new Set(names).size < names.length) {
    return context.refuse(
      describeValue(value),
      `one of ${Object.keys(kinds).join(', ')}, or an array of them`,
    );
  }
  const accepted = names.join(' or ');
  return (instance, run, at) => known.some((test) => test(instance)) || run.refuse(at, instance, accepted);
};

const oneOfValues = (values: readonly unknown[]): Check => {
  const options = new Set(values.map((value) => canonical(value)));
  const hasContainers = values.some((value) => typeof value === 'object' && value !== null);
  const shown = [...options].slice(0, 5).map((text) => (text.length > 60 ? `${text.slice(0, 60)}…` : text));
  const accepted = `${values.length > 1 ? 'one of ' : ''}${shown.join(', ')}${options.size > 5 ? ', …' : ''}`;
  return (instance, run, at) => {
    const isContainer = typeof instance === 'object' && instance !== null;
    if ((!isContainer || hasContainers) && options.has(canonical(instance, run))) return true;
    return run.refuse(at, instance, accepted);
  };
};

const enumeration: Keyword = (value, context) =>
  Array.isArray(value) && value.length > 0
    ? oneOfValues(value)
    : context.refuse(describeValue(value), 'an array of at least one value');

/** A keyword that compares numbers with its own number. */
const about =
  (accepts: (instance: number, limit: number) => boolean, accepted: string): Keyword =>
  (value, context) => {
    if (typeof value !== 'number') return context.refuse(describeValue(value), 'a number');
    return (instance, run, at) =>
      typeof instance !== 'number' ||
      accepts(instance, value) ||
      run.refuse(at, instance, `${accepted} ${value}`);
  };

const multipleOf: Keyword = (value, context) => {
  if (typeof value !== 'number' || value <= 0)
    return context.refuse(describeValue(value), 'a number above 0');
  // Numbers of very different size are compared as large integers.
  const visits = 16;
  return (instance, run, at) => {
    if (typeof instance !== 'number') return true;
    run.spend(visits);
    return isMultipleOf(instance, value) || run.refuse(at, instance, `a multiple of ${value}`);
  };
};

/** The keyword's value as a count; undefined, and reported, when it is not one. */
export function countOf(value: unknown, context: KeywordContext): number | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  return context.refuse(describeValue(value), 'a whole number, 0 or more');
}

/** JSON Schema counts code points, and JavaScript's length counts UTF-16 units. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

const minLength: Keyword = (value, context) => {
  const least = countOf(value, context);
  if (least === undefined) return undefined;
  return (instance, run, at) => {
    if (typeof instance !== 'string' || instance.length >= 2 * least) return true;
    run.spend(visitsOf(instance));
    return characters(instance) >= least || run.refuse(at, instance, `at least ${least} characters`);
  };
};

const maxLength: Keyword = (value, context) => {
  const most = countOf(value, context);
  if (most === undefined) return undefined;
  return (instance, run, at) => {
    if (typeof instance !== 'string' || instance.length <= most) return true;
    run.spend(visitsOf(instance));
    return characters(instance) <= most || run.refuse(at, instance, `at most ${most} characters`);
  };
};

const pattern: Keyword = (value, context) => {
  const expression = context.pattern(value);
  return (instance, run, at) => {
    if (typeof instance !== 'string') return true;
    return (
      finds(expression, instance, run) || run.refuse(at, instance, `a string that matches ${String(value)}`)
    );
  };
};

/** Searches a text for an expression. It costs the steps of the worst case, so that every machine counts the same. */
export function finds(expression: Expression, text: string, run: Run): boolean {
  const { fixed, perCharacter } = expression.cost;
  run.spendSteps(fixed + perCharacter * text.length);
  return expression.test(text);
}

/** Keywords about the value itself, numbers and strings. */
export const valueKeywords: Keywords = {
  type,
  enum: enumeration,
  const: (value) => oneOfValues([value]),
  minimum: about((instance, limit) => instance >= limit, 'at least'),
  maximum: about((instance, limit) => instance <= limit, 'at most'),
  exclusiveMinimum: about((instance, limit) => instance > limit, 'more than'),
  exclusiveMaximum: about((instance, limit) => instance < limit, 'less than'),
  multipleOf,
  minLength,
  maxLength,
  pattern,
};
