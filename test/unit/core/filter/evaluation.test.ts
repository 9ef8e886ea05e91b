import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonEqual } from '#core/filter/comparison.ts';
import { compileFilter } from '#core/filter/compile.ts';
import type { FilterableEvent } from '#core/filter/field.ts';
import { type Filter, filterLimits, type Operator, operators, usesRegex } from '#core/filter/filter.ts';
import { referencedMetadata } from '#core/filter/reference.ts';
import { filterProblems } from '#core/filter/validate.ts';
import { createRe2, re2 } from '#core/regex/re2.ts';

const eventWith = (payload: unknown): FilterableEvent => ({
  id: 'evt_1',
  type: 'order.created',
  source: 'shop',
  tags: ['urgent', 'eu'],
  timestamp: '2026-03-01T12:00:00.000Z',
  payloadLength: 100,
  payload: () => payload,
});

const passes = (filter: Filter, event: FilterableEvent, endpoint: Record<string, unknown> = {}): boolean =>
  compileFilter(filter, re2)(event, { endpoint });

const one = (field: string, operator: Operator, value: unknown): Filter => ({
  conditions: [{ field, operator, value }],
});

const yes = { field: 'id', operator: 'exists', value: true } as const;
const no = { field: 'id', operator: 'exists', value: false } as const;

describe('a compiled filter', () => {
  it.each([
    ['no conditions', { conditions: [] }, true],
    ['no conditions, OR', { logic: 'OR', conditions: [] }, true],
    ['AND by default', { conditions: [yes, no] }, false],
    ['AND', { logic: 'AND', conditions: [yes, yes] }, true],
    ['OR', { logic: 'OR', conditions: [no, yes] }, true],
    ['OR of nothing true', { logic: 'OR', conditions: [no, no] }, false],
    ['a group in a group', { logic: 'AND', conditions: [yes, { logic: 'OR', conditions: [no, yes] }] }, true],
    ['an empty group in an OR', { logic: 'OR', conditions: [no, { conditions: [] }] }, true],
  ] satisfies [string, Filter, boolean][])('joins conditions: %s', (_, filter, expected) => {
    expect(passes(filter, eventWith(null))).toBe(expected);
  });

  it.each([
    ['id', 'evt_1'],
    ['type', 'order.created'],
    ['source', 'shop'],
    ['tags', ['urgent', 'eu']],
    ['timestamp', '2026-03-01T12:00:00.000Z'],
    ['payload', { items: [{ sku: 'A' }], '0': 'zero' }],
    ['payload.items.0.sku', 'A'],
    ['payload.0', 'zero'],
  ])('reads %s', (field, value) => {
    expect(passes(one(field, 'eq', value), eventWith({ items: [{ sku: 'A' }], '0': 'zero' }))).toBe(true);
  });

  it.each([
    'payload.constructor',
    'payload.__proto__',
    'payload.toString',
    'payload.list.length',
    'payload.list.-1',
    'payload.list.00',
    'payload.list.2',
    'payload.list.0.0',
    'payload.text.0',
    'payload.text.length',
    'payload.nothing.more',
  ])('takes %s for missing', (field) => {
    const event = eventWith({ list: ['a', 'b'], text: 'abc', nothing: null });
    expect(passes(one(field, 'exists', false), event)).toBe(true);
  });

  it('sees members that only look inherited when the payload says them', () => {
    const event = eventWith(JSON.parse('{"__proto__": 1, "constructor": {"name": "x"}}'));
    expect(passes(one('payload.__proto__', 'eq', 1), event)).toBe(true);
    expect(passes(one('payload.constructor.name', 'eq', 'x'), event)).toBe(true);
  });

  it('takes a source that was not named for missing', () => {
    const { source: _, ...event } = eventWith({});
    expect(passes(one('source', 'exists', false), event)).toBe(true);
  });

  it('does not ask for the payload when no condition reads it', () => {
    const event = {
      ...eventWith({}),
      payload: () => {
        throw new Error('parsed in vain');
      },
    };
    expect(passes(one('tags', 'contains', 'eu'), event)).toBe(true);
  });

  it('fills in metadata with its own type', () => {
    const filter = one('payload.amount', 'gte', `\${endpoint.metadata.minimum}`);
    expect(passes(filter, eventWith({ amount: 100 }), { minimum: 100 })).toBe(true);
    expect(passes(filter, eventWith({ amount: 100 }), { minimum: '100' })).toBe(false);
    expect(passes(filter, eventWith({ amount: 100 }), {})).toBe(false);
  });

  it('matches nothing where a stored condition cannot be compiled, without an error', () => {
    expect(passes(one('payload.a', 'regex', '('), eventWith({ a: '(' }))).toBe(false);
    expect(passes(one('nonsense', 'ne', 1), eventWith({}))).toBe(false);
    expect(passes(one('payload.a', 'like' as Operator, 1), eventWith({ a: 1 }))).toBe(false);
  });

  it.each<[Operator, unknown, boolean]>([
    ['eq', '2026-03-01T21:00:00+09:00', true],
    ['eq', '2026-03-01T12:00Z', true],
    ['ne', '2026-03-01T21:00:00+09:00', false],
    ['eq', '2026-03-01T12:00:00+09:00', false],
    ['gt', '2026-03-01T20:59:59+09:00', true],
    ['gt', '2026-03-01T21:00:00+09:00', false],
    ['lte', '2026-03-01T07:00:00-05:00', true],
    ['in', ['2026-01-01T00:00:00Z', '2026-03-01T13:00:00+01:00'], true],
    ['nin', ['2026-03-01T13:00:00+01:00'], false],
    ['gte', `\${endpoint.metadata.from}`, true],
    ['ne', `\${endpoint.metadata.never}`, false],
    ['contains', '2026-03-01T12', true],
    ['regex', '^2026-03-', true],
    ['exists', true, true],
  ])('compares the timestamp as a time: %s %j', (operator, value, expected) => {
    const metadata = { from: '2026-03-01T21:00:00+09:00', never: '2026-02-30T00:00:00Z' };
    expect(filterProblems(one('timestamp', operator, value))).toEqual([]);
    expect(passes(one('timestamp', operator, value), eventWith({}), metadata)).toBe(expected);
  });

  it.each<[Operator, unknown]>([
    ['gt', '2026-02-30T00:00:00Z'],
    ['lt', '2026-01-31'],
    ['eq', 1_767_225_600_000],
    ['in', ['2026-01-01T00:00:00Z', 'yesterday']],
  ])('refuses to compare the timestamp with what is not a time: %s %j', (operator, value) => {
    expect(filterProblems(one('timestamp', operator, value))).toEqual([
      {
        path: ['conditions', 0, 'value'],
        message: expect.stringMatching(/compared with an ISO 8601 time with a zone.*; received/),
      },
    ]);
  });

  it('looks for nothing in texts and arrays that are too long', () => {
    const { searched } = filterLimits;
    for (const length of [searched, searched + 1]) {
      const event = eventWith({ text: 'a'.repeat(length), list: Array(length).fill('a') });
      for (const filter of [
        one('payload.text', 'contains', 'a'),
        one('payload.text', 'regex', 'a'),
        one('payload.text', 'regex', '^a'),
        one('payload.list', 'contains', 'a'),
      ]) {
        expect(passes(filter, event)).toBe(length === searched);
      }
    }
  });

  it('never throws, whatever the payload', () => {
    const condition = fc.record({
      field: fc.constantFrom('payload', 'payload.a', 'payload.a.0.b', 'source', 'tags'),
      operator: fc.constantFrom(...operators),
      value: fc.oneof(fc.jsonValue(), fc.constant(`\${endpoint.metadata.a.0}`)),
    });
    const payload = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.jsonValue()),
      fc.constant(JSON.parse('['.repeat(10_000) + ']'.repeat(10_000))),
    );
    fc.assert(
      fc.property(condition, payload, fc.dictionary(fc.constant('a'), fc.jsonValue()), (c, p, metadata) => {
        expect([true, false]).toContain(passes({ conditions: [c] }, eventWith(p), metadata));
      }),
    );
  });

  it('names the missing engine', () => {
    expect(() => compileFilter(one('type', 'regex', 'a'))).toThrow('pass a RegexEngine');
  });
});

describe('jsonEqual', () => {
  it('is what comparing the JSON texts with sorted keys would say', () => {
    const canonical = (value: unknown): string =>
      JSON.stringify(value, (_, node) =>
        typeof node === 'object' && node !== null && !Array.isArray(node)
          ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
          : node,
      );
    const small = fc.jsonValue({ maxDepth: 2, depthSize: 'small' });
    const pair = fc.oneof(
      fc.tuple(small, small),
      small.map((value) => [value, structuredClone(value)] as const),
    );
    fc.assert(
      fc.property(pair, ([left, right]) => {
        expect(jsonEqual(left, right)).toBe(canonical(left) === canonical(right));
        expect(jsonEqual(right, left)).toBe(jsonEqual(left, right));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('re2', () => {
  it('is linear where backtracking engines are exponential', () => {
    const event = eventWith({ text: `${'a'.repeat(filterLimits.searched - 1)}!` });
    const filter = one('payload.text', 'regex', '(a+)+$');
    expect(filterProblems(filter)).toEqual([]);
    expect(passes(filter, event)).toBe(false);
  });

  it.each([
    ['^order-[0-9]{1,5}$', 'order-12345', 'order-123456'],
    ['^a$', 'a', 'a\n'],
    ['^(?i)[a-z]{2}\\b', 'Ab', 'Abx'],
    ['^(a|ab)(c|bcd)', 'abcd', 'abd'],
    ['^.{2}$', '😀😀', '😀😀😀'],
  ])('reads the start of a text only for %s, and answers the same', (source, yes, no) => {
    const { test, cost } = createRe2().compile(source);
    expect(cost.perCharacter).toBe(0);
    for (const tail of ['', ' and more'.repeat(100)]) {
      expect(test(yes + tail)).toBe(new RegExp(source.replace('(?i)', ''), 'iu').test(yes + tail));
      expect(test(no + tail)).toBe(new RegExp(source.replace('(?i)', ''), 'iu').test(no + tail));
    }
    expect([test(yes), test(no)]).toEqual([true, false]);
  });

  it('answers the same after an expression left its cache', () => {
    const engine = createRe2(2);
    const expressions = ['a', 'b', 'c', 'a'].map((source) => [source, engine.compile(source)] as const);
    for (const [source, expression] of [...expressions, ...expressions]) {
      expect(expression.test(`x${source}x`)).toBe(true);
      expect(expression.test('xyz')).toBe(false);
    }
  });

  it('answers the same after a large automaton was dropped', () => {
    const expression = createRe2().compile('a[ab]{12}c');
    const text = Array.from({ length: 20_000 }, (_, i) => ((i * 7919) % 13 < 6 ? 'a' : 'b')).join('');
    expect(expression.test(`c${text}`)).toBe(false);
    expect(expression.test(`${text}a${'b'.repeat(12)}c`)).toBe(true);
    expect(expression.test(`c${text}`)).toBe(false);
  });
});

describe('what a filter needs', () => {
  const filter: Filter = {
    conditions: [
      { field: 'type', operator: 'eq', value: `\${endpoint.metadata.a.b}` },
      {
        conditions: [
          {
            field: 'type',
            operator: 'in',
            value: ['x', `\${endpoint.metadata.c}`, `\${application.metadata.d}`],
          },
        ],
      },
    ],
  };

  it('names the metadata it refers to', () => {
    expect(referencedMetadata(filter, 'endpoint')).toEqual(new Set(['a', 'c']));
    expect(referencedMetadata(filter, 'application')).toEqual(new Set(['d']));
  });

  it('says whether it needs a regex engine', () => {
    expect(usesRegex(filter)).toBe(false);
    expect(usesRegex({ conditions: [filter, one('type', 'regex', 'a')] })).toBe(true);
  });
});
