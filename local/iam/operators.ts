import { matchesArn, matchesWildcard } from './wildcard.ts';

export interface ConditionOperator {
  readonly name: string;
  /** `ForAllValues:` or `ForAnyValue:`; undefined for the plain operator. */
  readonly set: 'all' | 'any' | undefined;
  readonly ifExists: boolean;
}

export interface Comparison {
  /** True for an operator that holds when no value of the policy matches. */
  readonly negated: boolean;
  readonly compare: (value: string, wanted: string) => boolean;
}

export function parseOperator(operator: string): ConditionOperator {
  const [prefix, rest] = operator.includes(':') ? operator.split(':', 2) : ['', operator];
  const name = rest ?? '';
  const set = prefix === 'ForAllValues' ? 'all' : prefix === 'ForAnyValue' ? 'any' : undefined;
  const ifExists = name.endsWith('IfExists');
  // An unknown prefix stays in the name, so that the operator is not found.
  const known = prefix === '' || set !== undefined;
  return { name: known ? name.replace(/IfExists$/, '') : operator, set, ifExists };
}

const equals = (value: string, wanted: string) => value === wanted;
const equalsIgnoringCase = (value: string, wanted: string) => value.toLowerCase() === wanted.toLowerCase();
const like = (value: string, wanted: string) => matchesWildcard(wanted, value);
const arnLike = (value: string, wanted: string) => matchesArn(wanted, value);

const is = (compare: Comparison['compare']): Comparison => ({ negated: false, compare });
const isNot = (compare: Comparison['compare']): Comparison => ({ negated: true, compare });

// A text that does not parse is NaN, which compares false with everything.
const number = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));
const time = (text: string) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text));
const by =
  (read: (text: string) => number, test: (value: number, wanted: number) => boolean) =>
  (value: string, wanted: string) =>
    test(read(value), read(wanted));

/** The comparing condition operators of IAM, by their names without prefix and suffix. */
export const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ['StringEquals', is(equals)],
  ['StringNotEquals', isNot(equals)],
  ['StringEqualsIgnoreCase', is(equalsIgnoringCase)],
  ['StringNotEqualsIgnoreCase', isNot(equalsIgnoringCase)],
  ['StringLike', is(like)],
  ['StringNotLike', isNot(like)],
  // ArnEquals and ArnLike behave alike (IAM user guide).
  ['ArnEquals', is(arnLike)],
  ['ArnLike', is(arnLike)],
  ['ArnNotEquals', isNot(arnLike)],
  ['ArnNotLike', isNot(arnLike)],
  ['Bool', is(equalsIgnoringCase)],
  ...ordered('Numeric', number),
  ...ordered('Date', time),
]);

function ordered(prefix: string, read: (text: string) => number): readonly (readonly [string, Comparison])[] {
  return [
    [`${prefix}Equals`, is(by(read, (value, wanted) => value === wanted))],
    [`${prefix}NotEquals`, isNot(by(read, (value, wanted) => value === wanted))],
    [`${prefix}LessThan`, is(by(read, (value, wanted) => value < wanted))],
    [`${prefix}LessThanEquals`, is(by(read, (value, wanted) => value <= wanted))],
    [`${prefix}GreaterThan`, is(by(read, (value, wanted) => value > wanted))],
    [`${prefix}GreaterThanEquals`, is(by(read, (value, wanted) => value >= wanted))],
  ];
}
