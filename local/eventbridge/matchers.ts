import { matchesWildcard } from '../iam/wildcard.ts';
import { asList, isObject } from '../json/json.ts';

/** Tests a field of an event; undefined for an absent one. */
export type LeafMatcher = (value: unknown) => boolean;

/** The matcher for one element of a pattern's list. @throws Error for a matcher that the local run does not know */
export function matcherOf(element: unknown, at: string): LeafMatcher {
  if (!isObject(element)) return (value) => value === element;
  const [kind, operand] = Object.entries(element)[0] ?? [];
  switch (kind) {
    case 'prefix':
    case 'suffix':
    case 'equals-ignore-case':
    case 'wildcard':
      return textMatcher(kind, operand, at);
    case 'exists':
      return (value) => (value !== undefined) === operand;
    case 'numeric':
      return numericMatcher(operand, at);
    case 'anything-but': {
      const but = [operand].flat().map((item, i) => matcherOf(item, `${at}.anything-but.${i}`));
      return (value) => value !== undefined && !but.some((matches) => matches(value));
    }
    default:
      throw new Error(`${at}: the local run does not know the matcher ${JSON.stringify(element)}`);
  }
}

function textMatcher(kind: string, operand: unknown, at: string): LeafMatcher {
  // EventBridge also knows `{"prefix": {"equals-ignore-case": …}}`, which the local run does not.
  if (typeof operand !== 'string')
    throw new Error(`${at}: ${kind} needs a text, got ${JSON.stringify(operand)}`);
  const test = (value: string): boolean => {
    switch (kind) {
      case 'prefix':
        return value.startsWith(operand);
      case 'suffix':
        return value.endsWith(operand);
      case 'wildcard':
        // EventBridge has no wildcard for a single character.
        return matchesWildcard(operand, value, '');
      default:
        return value.toLowerCase() === operand.toLowerCase();
    }
  };
  return (value) => typeof value === 'string' && test(value);
}

function numericMatcher(operand: unknown, at: string): LeafMatcher {
  const parts = asList(operand);
  const tests: ((value: number) => boolean)[] = [];
  for (let i = 0; i < parts.length; i += 2) tests.push(comparison(parts[i], parts[i + 1], at));
  if (tests.length === 0)
    throw new Error(`${at}: numeric needs [operator, number, …], got ${JSON.stringify(operand)}`);
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function comparison(operator: unknown, limit: unknown, at: string): (value: number) => boolean {
  if (typeof limit !== 'number')
    throw new Error(`${at}: numeric compares with a number, got ${JSON.stringify(limit)}`);
  switch (operator) {
    case '=':
      return (value) => value === limit;
    case '<':
      return (value) => value < limit;
    case '<=':
      return (value) => value <= limit;
    case '>':
      return (value) => value > limit;
    case '>=':
      return (value) => value >= limit;
    default:
      throw new Error(`${at}: the local run does not know the numeric operator ${JSON.stringify(operator)}`);
  }
}
