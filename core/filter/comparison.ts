import type { StepBudget } from '#core/regex/step-budget.ts';
import type { Operator } from './filter.ts';

type Comparison = (actual: unknown, expected: unknown, budget: StepBudget) => boolean;

// Measured: characters of two strings that one step compares, and steps to look up a member.
const charactersPerStep = 16;
const stepsPerMember = 4;
// The search for a text may compare characters again at every place, if both texts have the same letters.
const charactersPerPlace = 64;

/**
 * One rule per operator; `actual` is undefined when the event has no such field.
 * No rule converts a value: a value of another type than the rule expects does not pass.
 */
export const comparisons: Readonly<Record<Exclude<Operator, 'regex'>, Comparison>> = {
  eq: jsonEqual,
  ne: (actual, expected, budget) => !jsonEqual(actual, expected, budget),
  gt: (actual, expected, budget) => ordered(actual, expected, budget, (order) => order > 0),
  gte: (actual, expected, budget) => ordered(actual, expected, budget, (order) => order >= 0),
  lt: (actual, expected, budget) => ordered(actual, expected, budget, (order) => order < 0),
  lte: (actual, expected, budget) => ordered(actual, expected, budget, (order) => order <= 0),
  in: (actual, expected, budget) => Array.isArray(expected) && isMember(actual, expected, budget),
  nin: (actual, expected, budget) => Array.isArray(expected) && !isMember(actual, expected, budget),
  contains: (actual, expected, budget) =>
    typeof actual === 'string'
      ? typeof expected === 'string' && includes(actual, expected, budget)
      : Array.isArray(actual) && isMember(expected, actual, budget),
  exists: (actual, expected) => (actual !== undefined) === expected,
};

const isMember = (value: unknown, list: readonly unknown[], budget: StepBudget): boolean =>
  list.some((element) => jsonEqual(value, element, budget));

/** @throws OutOfSteps */
export function includes(text: string, part: string, budget: StepBudget): boolean {
  budget.spend(text.length * (1 / charactersPerStep + part.length / charactersPerPlace));
  return text.includes(part);
}

function ordered(
  actual: unknown,
  expected: unknown,
  budget: StepBudget,
  accepts: (order: number) => boolean,
): boolean {
  if (typeof actual === 'number' && typeof expected === 'number') return accepts(order(actual, expected));
  // `<` on strings compares UTF-16 code units: the same everywhere, whatever the locale.
  if (typeof actual !== 'string' || typeof expected !== 'string') return false;
  budget.spend(Math.min(actual.length, expected.length) / charactersPerStep);
  return accepts(order(actual, expected));
}

function order<T extends number | string>(left: T, right: T): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/**
 * Equality of parsed JSON: same type and value; arrays element by element; objects by own members in any
 * order. Nests as deep as the shallower of both, and a condition's value is bounded.
 */
export function jsonEqual(left: unknown, right: unknown, budget: StepBudget): boolean {
  budget.spend(1);
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length !== right.length) return false;
    budget.spend(left.length / charactersPerStep);
  }
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((element, index) => jsonEqual(element, right[index], budget));
  }
  const keys = namesOf(left);
  if (keys.length !== namesOf(right).length) return false;
  budget.spend(stepsPerMember * keys.length);
  return keys.every(
    (key) => Object.hasOwn(right, key) && jsonEqual(Reflect.get(left, key), Reflect.get(right, key), budget),
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
