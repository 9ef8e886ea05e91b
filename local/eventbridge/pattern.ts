import { isObject } from '../json/json.ts';
import { matcherOf } from './matchers.ts';

type EventPredicate = (event: unknown) => boolean;

/**
 * Compiles an EventBridge event pattern. Lambda's event filters use the same language.
 *
 * Known: exact values, prefix, suffix, equals-ignore-case, anything-but, exists, numeric, wildcard, `$or`, nesting.
 *
 * @throws Error naming the place of a matcher that the local run does not know
 */
export function compileEventPattern(pattern: unknown, at = 'pattern'): EventPredicate {
  if (!isObject(pattern)) throw new Error(`${at}: expected an object, got ${JSON.stringify(pattern)}`);
  const tests = Object.entries(pattern).map(([name, part]) =>
    name === '$or' ? compileOr(part, `${at}.$or`) : compileField(name, part, `${at}.${name}`),
  );
  return (event) => tests.every((test) => test(event));
}

function compileOr(alternatives: unknown, at: string): EventPredicate {
  if (!Array.isArray(alternatives)) throw new Error(`${at}: expected a list of patterns`);
  const tests = alternatives.map((alternative, i) => compileEventPattern(alternative, `${at}.${i}`));
  return (event) => tests.some((test) => test(event));
}

function compileField(name: string, part: unknown, at: string): EventPredicate {
  if (!Array.isArray(part)) {
    const inner = compileEventPattern(part, at);
    // In a list of objects one match is enough.
    return (event) => [isObject(event) ? event[name] : undefined].flat().some(inner);
  }
  const matchers = part.map((matcher, i) => matcherOf(matcher, `${at}.${i}`));
  return (event) => {
    const value = isObject(event) ? event[name] : undefined;
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return matchers.some((matches) => values.some(matches));
  };
}
