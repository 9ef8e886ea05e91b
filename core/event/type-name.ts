import { describeValue } from '#core/json/describe.ts';

/** Most characters of an event type and of a pattern. */
export const longestEventType = 128;

const words = String.raw`[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*`;
export const typeForm = new RegExp(`^${words}$`);
/** The same with its length, for uses that take one pattern. */
export const eventTypePattern = new RegExp(`^(?=.{1,${longestEventType}}$)${words}$`);
export const patternForm = new RegExp(String.raw`^(?:\*|${words}(?:\.\*)?)$`);

/** What is wrong with an event type, or undefined: dot-separated words of letters, digits, `_` and `-`. */
export function eventTypeProblem(value: unknown): string | undefined {
  if (isShortText(value) && typeForm.test(value)) return undefined;
  return (
    `an event type is words of A-Z a-z 0-9 _ - joined by dots, at most ${longestEventType} characters, ` +
    `such as order.created; received ${describeValue(value)}`
  );
}

/** What is wrong with an endpoint's pattern, or undefined: an event type, `order.*` or `*`. */
export function eventPatternProblem(value: unknown): string | undefined {
  if (isShortText(value) && patternForm.test(value)) return undefined;
  return (
    'an event pattern is an event type, such as order.created, or its beginning, such as order.* (one or more ' +
    `further words), or *, at most ${longestEventType} characters; received ${describeValue(value)}`
  );
}

const isShortText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= longestEventType;

/** Every pattern that covers a valid event type: `a.b.c` has `*`, `a.*`, `a.b.*` and `a.b.c`. */
export function patternsCovering(type: string): string[] {
  const patterns = ['*'];
  for (let dot = type.indexOf('.'); dot !== -1; dot = type.indexOf('.', dot + 1)) {
    patterns.push(`${type.slice(0, dot)}.*`);
  }
  patterns.push(type);
  return patterns;
}
