import { compareInstants } from '#core/validation/instant.ts';
import { filterLimits, type Operator } from './filter.ts';

type Comparison = (actual: unknown, expected: unknown) => boolean;

/**
 * One rule per operator; `actual` is undefined when the event has no such field.
 * No rule converts a value: a value of another type than the rule expects does not pass.
 */
export const comparisons: Readonly<Record<Exclude<Operator, 'regex'>, Comparison>> = {
  eq: jsonEqual,
  ne: (actual, expected) => !jsonEqual(actual, expected),
  gt: (actual, expected) => ordered(actual, expected, (order) => order > 0),
  gte: (actual, expected) => ordered(actual, expected, (order) => order >= 0),
  lt: (actual, expected) => ordered(actual, expected, (order) => order < 0),
  lte: (actual, expected) => ordered(actual, expected, (order) => order <= 0),
  in: (actual, expected) => Array.isArray(expected) && isMember(actual, expected),
  nin: (actual, expected) => Array.isArray(expected) && !isMember(actual, expected),
  contains: (actual, expected) =>
    isSearched(actual) &&
    (typeof actual === 'string'
      ? typeof expected === 'string' && actual.includes(expected)
      : isMember(expected, actual)),
  exists: (actual, expected) => (actual !== undefined) === expected,
};

/** Whether it is a text or array that is looked into. What it costs is bounded by the length. */
export const isSearched = (value: unknown): value is string | readonly unknown[] =>
  (typeof value === 'string' || Array.isArray(value)) && value.length <= filterLimits.searched;

/** `includes` compares as `jsonEqual` does, as long as neither value is an array or object, and is faster. */
const isMember = (value: unknown, list: readonly unknown[]): boolean =>
  typeof value === 'object' && value !== null
    ? list.some((element) => jsonEqual(value, element))
    : list.includes(value);

function ordered(actual: unknown, expected: unknown, accepts: (order: number) => boolean): boolean {
  if (typeof actual === 'number' && typeof expected === 'number') return accepts(order(actual, expected));
  if (typeof actual !== 'string' || typeof expected !== 'string') return false;
  // `<` on strings compares UTF-16 code units: the same everywhere, whatever the locale.
  return accepts(compareInstants(actual, expected) ?? order(actual, expected));
}

function order<T extends number | string>(left: T, right: T): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/**
 * Equality of parsed JSON: same type and value; arrays element by element; objects by own members in any order. It
 * compares no more values than the smaller one has, so a condition's value bounds the work.
 */
export function jsonEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((element, index) => jsonEqual(element, right[index]));
  }
  const keys = namesOf(left);
  if (keys.length !== namesOf(right).length) return false;
  return keys.every(
    (key) => Object.hasOwn(right, key) && jsonEqual(Reflect.get(left, key), Reflect.get(right, key)),
  );
}

// Listing the names of a large object takes long, and each filter and each value of a list compares it again. So they
// are listed once for each object.
const names = new WeakMap<object, readonly string[]>();

function namesOf(value: object): readonly string[] {
  const known = names.get(value);
  if (known !== undefined) return known;
  const listed = Object.keys(value);
  names.set(value, listed);
  return listed;
}
