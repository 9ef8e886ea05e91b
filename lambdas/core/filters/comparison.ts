import type { Operator } from './filter.ts';

type Comparison = (actual: unknown, expected: unknown) => boolean;

/**
 * One rule per operator; `actual` is undefined when the event has no such field.
 * No rule converts a value: what has another type than the rule is about is simply not so.
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
    typeof actual === 'string'
      ? typeof expected === 'string' && actual.includes(expected)
      : Array.isArray(actual) && isMember(expected, actual),
  exists: (actual, expected) => (actual !== undefined) === expected,
};

const isMember = (value: unknown, list: readonly unknown[]): boolean =>
  list.some((element) => jsonEqual(value, element));

function ordered(actual: unknown, expected: unknown, accepts: (order: number) => boolean): boolean {
  if (typeof actual === 'number' && typeof expected === 'number') return accepts(order(actual, expected));
  // `<` on strings compares UTF-16 code units: the same everywhere, whatever the locale.
  if (typeof actual === 'string' && typeof expected === 'string') return accepts(order(actual, expected));
  return false;
}

function order<T extends number | string>(left: T, right: T): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/**
 * Equality of parsed JSON: same type and value; arrays element by element; objects by own members in any
 * order. Nests as deep as the shallower of both, and a condition's value is bounded.
 */
export function jsonEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((element, index) => jsonEqual(element, right[index]));
  }
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every(
    (key) => Object.hasOwn(right, key) && jsonEqual(Reflect.get(left, key), Reflect.get(right, key)),
  );
}
