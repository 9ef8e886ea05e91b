import { eventLimits } from '#core/event/event-schema.ts';
import { type Condition, filterLimits } from '#core/filter/filter.ts';

/** A kind of filters, and an event for which they take as long as possible. */
export interface HostileFilters {
  readonly name: string;
  /** The conditions of the n-th endpoint. */
  readonly conditions: (n: number) => readonly Condition[];
  readonly payload: unknown;
}

const { searched } = filterLimits;
const repeat = (text: string): string => text.repeat(searched / text.length).slice(0, searched);
const regex = (value: string): Condition => ({ field: 'payload.text', operator: 'regex', value });
const contains = (value: unknown, field = 'payload.text'): Condition => ({
  field,
  operator: 'contains',
  value,
});
const list = <T>(length: number, make: (n: number) => T): T[] => Array.from({ length }, (_, n) => make(n));
const nested = (open: string, close: string) =>
  JSON.parse(open.repeat(eventLimits.levels - 1) + close.repeat(eventLimits.levels - 1));

/** Letters that an automaton cannot foretell, the same each time. */
function mixed(length: number): string {
  let state = 1;
  return list(length, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % 2 === 0 ? 'a' : 'b';
  }).join('');
}

const object = Object.fromEntries(list(2_000, (n) => [`k${n}`, n]));

export const hostileFilters: readonly HostileFilters[] = [
  {
    name: 'ranges',
    conditions: (n) => [{ field: 'payload.amount', operator: 'lt', value: -n }],
    payload: { amount: 5 },
  },
  {
    name: 'times',
    conditions: (n) => [
      {
        field: 'payload.at',
        operator: 'gt',
        value: `2026-01-31T12:00:00.${String(n).padStart(9, '0')}+09:00`,
      },
      {
        field: 'timestamp',
        operator: 'lt',
        value: `2026-01-31T12:00:00.${String(n).padStart(9, '0')}+09:00`,
      },
    ],
    payload: { at: '2026-01-31T12:00:00.123456789-09:00' },
  },
  {
    name: 'fifty conditions',
    conditions: (n) => list(50, () => ({ field: 'payload.amount', operator: 'ne', value: n })),
    payload: { amount: -5 },
  },
  {
    name: 'long lists of long texts',
    conditions: (n) => [
      { field: 'payload.text', operator: 'nin', value: list(100, (k) => `${'x'.repeat(1_000)}${n}-${k}`) },
    ],
    payload: { text: `${'x'.repeat(1_000)}12345` },
  },
  {
    name: 'large objects',
    conditions: (n) => [
      { field: 'payload.object', operator: 'ne', value: { ...object, [`k${1_999}`]: -n } },
      { field: 'payload.object', operator: 'eq', value: object },
    ],
    payload: { object },
  },
  {
    name: 'deep paths',
    conditions: (n) => [{ field: `payload${'.0'.repeat(63)}`, operator: 'ne', value: n }],
    payload: nested('[', ']'),
  },
  {
    name: 'a field of its own for each',
    conditions: (n) => [{ field: `payload.f${n}`, operator: 'eq', value: 1 }],
    payload: {},
  },
  {
    name: 'texts that almost contain a short one',
    conditions: (n) => [contains(`aaa${n}`)],
    payload: { text: repeat('aaa1') },
  },
  {
    name: 'texts that are compared again at each place',
    conditions: (n) => [contains(`${'a'.repeat(510 - n)}b${'a'.repeat(510)}`)],
    payload: { text: repeat('a') },
  },
  {
    name: 'long arrays',
    conditions: (n) => [contains(`v-${n}`, 'payload.list')],
    payload: { list: list(searched, (n) => `w-${n}`) },
  },
  {
    name: 'arrays of objects',
    conditions: (n) => [contains({ a: n }, 'payload.list')],
    payload: { list: list(searched, () => ({ a: -1 })) },
  },
  {
    name: 'references to the application',
    conditions: () => [{ field: 'payload.list', operator: 'ne', value: '$' + '{application.metadata.list}' }],
    payload: { list: list(2_000, () => 0) },
  },
  {
    name: 'small automatons',
    conditions: (n) => [regex(`ERROR|FATAL|E${n}`)],
    payload: { text: repeat('ERRO') },
  },
  {
    name: 'expressions with many literals',
    conditions: (n) => [regex(`fo${n}.*foobar.*foobaz`)],
    payload: { text: `${repeat('fo').slice(0, -40)}foobarfoobaxx` },
  },
  {
    name: 'expressions for whole texts',
    conditions: (n) => [regex(`^order-([0-9]+|${n}x)+$`)],
    payload: { text: `order-${repeat('17').slice(0, -10)}x!` },
  },
  {
    name: 'expressions for the start of a text',
    conditions: (n) => [regex(`^(?i)order-[0-9]{1,10}${n}$`)],
    payload: { text: `order-${repeat('1').slice(0, -10)}` },
  },
  {
    name: 'automatons that are never complete',
    conditions: (n) => [regex(`a[ab]{${20 + (n % 3)}}[cd]`)],
    payload: { text: mixed(searched) },
  },
  {
    name: 'expressions of a kilobyte',
    conditions: (n) => [
      regex(
        `${n}|${list(250, (k) => `a${k}b`)
          .join('|')
          .slice(0, 1_000)}`,
      ),
    ],
    payload: { text: repeat('a12a34') },
  },
  {
    name: 'all letters of the world',
    conditions: (n) => [regex(`(?i)\\pL{2}${n}\\pN`)],
    payload: { text: repeat('éa') },
  },
];
