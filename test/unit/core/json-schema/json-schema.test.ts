// biome-ignore-all lint/suspicious/noThenProperty: a keyword of JSON Schema, and nobody awaits these
import { Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemaLimits } from '#core/json-schema/limits.ts';
import { readSchema } from '#core/json-schema/validate.ts';
import { re2 } from '#core/regex/re2.ts';

const oracleOf = (schema: unknown) => {
  const validator = new Validator(schema as object, '2020-12');
  return (value: unknown) => validator.validate(value).valid;
};

function validatorOf(schema: unknown) {
  const reading = readSchema(JSON.stringify(schema), re2);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.validator;
}

const takes = (schema: unknown, value: unknown): boolean => validatorOf(schema)(value).length === 0;

function problemsOf(schema: unknown) {
  const reading = readSchema(JSON.stringify(schema), re2);
  return reading.ok ? [] : reading.problems;
}

const tree = {
  $defs: {
    node: {
      type: 'object',
      properties: {
        value: { type: 'number' },
        left: { $ref: '#/$defs/node' },
        right: { $ref: '#/$defs/node' },
      },
      unevaluatedProperties: false,
    },
  },
  $ref: '#/$defs/node',
};

/** A schema, what it takes, and what it does not. */
const table: readonly (readonly [keyword: string, schema: unknown, takes: unknown[], refuses: unknown[]])[] =
  [
    ['true', true, [1, null, {}], []],
    ['false', false, [], [1, null, {}]],
    ['type', { type: 'integer' }, [1, 1.0, -3, 1e3], [1.5, '1', null, true]],
    ['type of many', { type: ['null', 'string'] }, [null, ''], [0, {}, []]],
    ['type object', { type: 'object' }, [{}], [[], null, 'x']],
    ['type array', { type: 'array' }, [[]], [{}, null]],
    ['type boolean', { type: 'boolean' }, [true, false], [0, 'true', null]],
    [
      'enum',
      { enum: [1, 'a', null, { b: [1, 2] }] },
      [1, 'a', null, { b: [1, 2] }],
      [2, '1', { b: [2, 1] }, {}],
    ],
    ['enum of one object, in any order', { enum: [{ a: 1, b: 2 }] }, [{ b: 2, a: 1 }], [{ a: 1 }]],
    ['const', { const: { a: 0 } }, [{ a: 0 }, { a: -0 }], [{ a: '0' }, 0]],
    ['minimum', { minimum: 1.1 }, [1.1, 2, 'x'], [1, -1]],
    ['maximum', { maximum: 3 }, [3, -5, 'x'], [3.01]],
    ['exclusiveMinimum', { exclusiveMinimum: 1 }, [1.01], [1, 0]],
    ['exclusiveMaximum', { exclusiveMaximum: 3 }, [2.99], [3, 4]],
    ['multipleOf', { multipleOf: 2 }, [10, 0, -4, 'x'], [7, 2.5]],
    ['multipleOf of decimals', { multipleOf: 0.01 }, [0, 4.35, 0.3, 299.99, 1e20], [0.015, 1e-7]],
    ['multipleOf of tiny and huge', { multipleOf: 1e-8 }, [12391239123, 1e300], [1.5e-8]],
    ['minLength', { minLength: 2 }, ['ab', '💩💩', 1], ['a', '💩', '']],
    ['maxLength', { maxLength: 2 }, ['ab', '💩💩', 100], ['abc', '💩💩💩']],
    ['pattern', { pattern: '^a+$' }, ['a', 'aaa', 3], ['', 'b', 'ab']],
    ['pattern anywhere', { pattern: 'b' }, ['abc'], ['ac']],
    ['pattern of unicode', { pattern: '^\\p{L}+$' }, ['né', '日本'], ['1']],
    ['items', { items: { type: 'number' } }, [[], [1, 2], 'x'], [['a'], [1, 'a']]],
    [
      'prefixItems',
      { prefixItems: [{ type: 'number' }, { type: 'string' }] },
      [[], [1], [1, 'a', {}]],
      [['a'], [1, 2]],
    ],
    ['items after prefixItems', { prefixItems: [{}], items: false }, [[], ['a']], [['a', 1]]],
    ['contains', { contains: { minimum: 5 } }, [[1, 5], [9]], [[], [1, 2]]],
    ['minContains 0', { contains: { const: 1 }, minContains: 0 }, [[], [2]], []],
    ['maxContains', { contains: { const: 1 }, maxContains: 1 }, [[1], [2, 1]], [[1, 1], []]],
    ['minContains', { contains: { const: 1 }, minContains: 2 }, [[1, 1]], [[1], [2]]],
    [
      'uniqueItems',
      { uniqueItems: true },
      [[1, '1', true, [1], { a: 1 }, 0, false, null], []],
      [
        [1, 1.0],
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
        [[[1]], [[1]]],
      ],
    ],
    ['minItems', { minItems: 1 }, [[1], 'x'], [[]]],
    ['maxItems', { maxItems: 1 }, [[1], []], [[1, 2]]],
    ['properties', { properties: { a: { type: 'number' } } }, [{}, { a: 1 }, { b: 'x' }, []], [{ a: 'x' }]],
    [
      'properties with the names of objects’ own members',
      { properties: { constructor: { type: 'number' }, toString: { type: 'number' } } },
      [{}, { constructor: 1 }],
      [{ constructor: 'x' }, { toString: 'x' }],
    ],
    [
      'required with inherited names',
      { required: ['a', 'toString'] },
      [JSON.parse('{"a":1,"toString":2}'), []],
      [{}, { a: 1 }],
    ],
    [
      'patternProperties',
      { patternProperties: { '^n': { type: 'number' } } },
      [{ n1: 1, x: 'a' }],
      [{ n1: 'a' }],
    ],
    [
      'additionalProperties',
      { properties: { a: {} }, patternProperties: { '^n': {} }, additionalProperties: false },
      [{ a: 1, n2: 2 }],
      [{ b: 1 }],
    ],
    ['propertyNames', { propertyNames: { maxLength: 2 } }, [{ ab: 1 }, {}], [{ abc: 1 }]],
    ['minProperties', { minProperties: 1 }, [{ a: 1 }, []], [{}]],
    ['maxProperties', { maxProperties: 1 }, [{ a: 1 }, {}], [{ a: 1, b: 2 }]],
    ['dependentRequired', { dependentRequired: { a: ['b'] } }, [{}, { b: 1 }, { a: 1, b: 1 }], [{ a: 1 }]],
    ['dependentSchemas', { dependentSchemas: { a: { required: ['b'] } } }, [{}, { a: 1, b: 1 }], [{ a: 1 }]],
    ['allOf', { allOf: [{ minimum: 1 }, { maximum: 2 }] }, [1, 2], [0, 3]],
    ['anyOf', { anyOf: [{ type: 'string' }, { minimum: 2 }] }, ['x', 2], [1]],
    ['oneOf', { oneOf: [{ multipleOf: 2 }, { multipleOf: 3 }] }, [2, 3], [6, 1]],
    ['not', { not: { type: 'string' } }, [1], ['x']],
    [
      'if, then, else',
      { if: { minimum: 10 }, then: { multipleOf: 10 }, else: { maximum: 5 } },
      [10, 20, 5],
      [15, 6],
    ],
    ['then without if', { then: { const: 1 } }, [2], []],
    [
      '$ref',
      tree,
      [{ value: 1, left: { value: 2, right: {} } }],
      [{ left: { value: 'x' } }, { left: { other: 1 } }],
    ],
    ['$ref beside others', { $defs: { a: { minimum: 1 } }, $ref: '#/$defs/a', maximum: 2 }, [1, 2], [0, 3]],
    [
      '$ref to an anchor',
      { $defs: { a: { $anchor: 'low', maximum: 2 } }, items: { $ref: '#low' } },
      [[1]],
      [[3]],
    ],
    [
      '$ref to a false schema',
      { $defs: { no: false }, properties: { a: { $ref: '#/$defs/no' } } },
      [{}],
      [{ a: 1 }],
    ],
    ['$ref with escapes', { $defs: { 'a/b~c%': { const: 1 } }, $ref: '#/$defs/a~1b~0c%25' }, [1], [2]],
    [
      '$dynamicRef',
      { $dynamicAnchor: 'node', properties: { next: { $dynamicRef: '#node' }, v: { type: 'number' } } },
      [{ next: { v: 1 } }],
      [{ next: { v: 'x' } }],
    ],
    [
      'unevaluatedProperties',
      { allOf: [{ properties: { a: {} } }], properties: { b: {} }, unevaluatedProperties: false },
      [{ a: 1, b: 1 }],
      [{ c: 1 }],
    ],
    [
      'unevaluatedProperties and the branches that hold',
      {
        anyOf: [{ properties: { a: { const: 1 } }, required: ['a'] }, { properties: { b: {} } }],
        unevaluatedProperties: false,
      },
      [{ a: 1, b: 1 }, { b: 2 }],
      [{ a: 2 }, { c: 1 }],
    ],
    [
      'unevaluatedProperties with if',
      {
        if: { properties: { a: { const: 1 } }, required: ['a'] },
        then: { properties: { b: {} } },
        unevaluatedProperties: false,
      },
      [{ a: 1, b: 2 }],
      [{ b: 2 }, { a: 2 }],
    ],
    [
      'unevaluatedItems',
      { prefixItems: [{}], contains: { const: 1 }, unevaluatedItems: { type: 'string' } },
      [[5, 1, 'x'], [1]],
      [[5, 1, 7]],
    ],
    ['format describes only', { format: 'email' }, ['not an address'], []],
    [
      'x- names describe',
      { 'x-owner': 'orders', title: 'T', examples: [], default: 1, deprecated: true },
      [1],
      [],
    ],
  ];

describe('a JSON Schema', () => {
  it.each(table)('%s', (_, schema, accepted, refused) => {
    for (const value of accepted) expect(takes(schema, value), `takes ${JSON.stringify(value)}`).toBe(true);
    for (const value of refused) expect(takes(schema, value), `refuses ${JSON.stringify(value)}`).toBe(false);
  });

  // What the other one does not know: names that every object inherits, `$dynamicRef` without `$id`, and that
  // `format` describes only. Its multiples are those of doubles.
  const itsOwn = /^(multipleOf|properties with the names|required with inherited|\$dynamicRef|format)/;
  it.each(table.filter(([keyword]) => !itsOwn.test(keyword)))(
    '%s, and another validator agrees',
    (_, schema, accepted, refused) => {
      const validate = oracleOf(schema);
      for (const value of [...accepted, ...refused]) expect(validate(value)).toBe(takes(schema, value));
    },
  );

  it('takes a number that no double holds for a large one', () => {
    const huge = JSON.parse('1e400');

    expect(takes({ type: 'number', minimum: 5 }, huge)).toBe(true);
    for (const schema of [{ maximum: 5 }, { const: null }, { multipleOf: 0.1 }, { enum: [1, null] }]) {
      expect(takes(schema, huge)).toBe(false);
    }
  });

  it('takes __proto__ for a name like any other', () => {
    const schema = JSON.parse(
      '{"properties": {"__proto__": {"type": "number"}}, "additionalProperties": false}',
    );

    expect(takes(schema, JSON.parse('{"__proto__": 1}'))).toBe(true);
    expect(takes(schema, JSON.parse('{"__proto__": "x"}'))).toBe(false);
    expect(takes(schema, JSON.parse('{"other": 1}'))).toBe(false);
  });

  it('says where, what was received and what it takes, and keeps texts to itself', () => {
    const schema = {
      properties: {
        order: { required: ['id'], properties: { 'a/b': { items: { type: 'number' } }, n: { minimum: 1 } } },
      },
    };

    expect(validatorOf(schema)({ order: { 'a/b': [1, 'secret text'], n: 0 } })).toEqual([
      expect.objectContaining({ pointer: '/order', path: ['order'], accepted: 'an object with "id"' }),
      expect.objectContaining({
        pointer: '/order/a~1b/1',
        received: 'a string of 11 characters',
        accepted: 'number',
      }),
      expect.objectContaining({ pointer: '/order/n', received: 'the number 0', accepted: 'at least 1' }),
    ]);
  });

  it('tells the first things that are wrong, however many are', () => {
    expect(validatorOf({ items: { type: 'string' } })(Array.from({ length: 1_000 }, () => 1))).toHaveLength(
      20,
    );
  });

  it('takes what another validator takes', () => {
    fc.assert(
      fc.property(
        aSchema.filter(isKnownToBoth),
        fc.array(aValue, { minLength: 1, maxLength: 8 }),
        (schema, values) => {
          const validate = oracleOf(schema);
          for (const value of values) expect(takes(schema, value)).toBe(validate(value));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

// The other one remembers what an `if` that does not hold has looked at.
const isKnownToBoth = (schema: unknown): boolean =>
  !/"if".*"unevaluated|"unevaluated.*"if"/.test(JSON.stringify(schema));

const names = fc.constantFrom('a', 'b', 'c');
const scalar = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.constantFrom('', 'a', 'ab', 'abc'),
  fc.boolean(),
  fc.constant(null),
);
const { value: aValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const small = fc.integer({ min: 0, max: 3 });
const { schema: aSchema } = fc.letrec<{ schema: unknown }>((tie) => {
  const schema = tie('schema');
  const some = fc.array(schema, { minLength: 1, maxLength: 3 });
  const byName = fc.dictionary(names, schema, { maxKeys: 3, noNullPrototype: true });
  return {
    schema: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.boolean(),
      fc.record(
        {
          type: fc.constantFrom('string', 'number', 'integer', 'object', 'array', 'null', 'boolean'),
          minimum: small,
          maxLength: small,
          pattern: fc.constantFrom('^a', 'b$', '[bc]'),
          enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }),
          required: fc.uniqueArray(names, { maxLength: 2 }),
          minItems: small,
          maxProperties: small,
        },
        { requiredKeys: [] },
      ),
      fc.record(
        {
          properties: byName,
          patternProperties: fc.dictionary(fc.constantFrom('^a', '[bc]'), schema, {
            maxKeys: 2,
            noNullPrototype: true,
          }),
          additionalProperties: schema,
          unevaluatedProperties: schema,
          dependentSchemas: byName,
          propertyNames: schema,
        },
        { requiredKeys: [] },
      ),
      fc.record(
        { items: schema, prefixItems: some, contains: schema, unevaluatedItems: schema },
        { requiredKeys: [] },
      ),
      fc.record(
        {
          allOf: some,
          anyOf: some,
          oneOf: some,
          not: schema,
          unevaluatedProperties: schema,
          unevaluatedItems: schema,
        },
        { requiredKeys: [] },
      ),
      fc.record({ if: schema, then: schema, else: schema }, { requiredKeys: ['if'] }),
    ),
  };
});

describe('a schema that cannot be used', () => {
  it.each([
    ['another dialect', { $schema: 'http://json-schema.org/draft-07/schema#' }, '/$schema'],
    ['no schema', 'string', ''],
    ['a schema that is none, deeper', { properties: { a: { items: 3 } } }, '/properties/a/items'],
    ['a mistyped keyword', { properties: { a: { requried: ['b'] } } }, '/properties/a/requried'],
    ['an unknown type', { type: 'date' }, '/type'],
    ['a type twice', { type: ['null', 'null'] }, '/type'],
    ['a negative count', { minLength: -1 }, '/minLength'],
    ['multiples of 0', { multipleOf: 0 }, '/multipleOf'],
    ['an empty anyOf', { anyOf: [] }, '/anyOf'],
    ['a text as a limit', { maximum: '5' }, '/maximum'],
    ['names that are none', { required: [1] }, '/required'],
    ['look-around', { pattern: '(?=a)' }, '/pattern'],
    ['a back-reference', { patternProperties: { '(a)\\1': {} } }, '/patternProperties/(a)\\1'],
    ['a long expression', { pattern: 'a'.repeat(1_025) }, '/pattern'],
    ['a reference to another document', { $ref: 'https://example.com/schema.json' }, '/$ref'],
    ['a reference to nowhere', { items: { $ref: '#/$defs/missing' } }, '/items/$ref'],
    ['a reference to what is no schema', { $defs: { a: { enum: [{}] } }, $ref: '#/$defs/a/enum/0' }, '/$ref'],
    ['a base of its own inside', { $defs: { a: { $id: 'other' } } }, '/$defs/a/$id'],
    ['an anchor twice', { $defs: { a: { $anchor: 'x' }, b: { $anchor: 'x' } } }, '/$defs/b/$anchor'],
    ['a schema that is itself', { $ref: '#' }, ''],
    [
      'a ring of references',
      { $defs: { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { not: { $ref: '#/$defs/a' } } } },
      '',
    ],
    ['too many schemas', { allOf: Array.from({ length: 1_000 }, () => ({})) }, '/allOf/999'],
    [
      'too many expressions',
      { allOf: Array.from({ length: 101 }, (_, n) => ({ pattern: `a${n}` })) },
      '/allOf/100/pattern',
    ],
    ['too many bytes', { description: 'x'.repeat(64 * 1024) }, ''],
    ['too many levels', JSON.parse(`${'{"not":'.repeat(60)}true${'}'.repeat(60)}`), ''],
  ])('for %s says where', (_, schema, pointer) => {
    const problems = problemsOf(schema);

    expect(problems.map((problem) => problem.pointer)).toContain(pointer);
    for (const { received, accepted } of problems) expect(received && accepted).toBeTruthy();
  });
});

/** Schemas and payloads that are made to take long, each within the limits of what is taken. */
const doubling = (levels: number, leaf: unknown) => ({
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length: levels }, (_, n) => [
      `d${n}`,
      n === levels - 1 ? leaf : { anyOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
    ]),
  ),
});
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const long = 'a'.repeat(256 * 1024);
/** Letters that an automaton cannot foretell, the same every time. */
function mixed(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % 2 === 0 ? 'a' : 'b';
  }).join('');
}
const deep = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

const hostile: readonly (readonly [string, unknown, unknown])[] = [
  ['references that double', doubling(40, false), 1],
  [
    'a tree that doubles at each level',
    {
      anyOf: [
        { properties: { a: { $ref: '#' } }, required: ['b'] },
        { properties: { a: { $ref: '#' } }, required: ['c'] },
      ],
    },
    deep(60),
  ],
  [
    'many schemas for many items',
    { items: { allOf: Array.from({ length: 900 }, () => ({ minimum: -1 })) } },
    numbers(60_000),
  ],
  [
    'uniqueItems that look at all of it often',
    { allOf: Array.from({ length: 900 }, () => ({ uniqueItems: true })) },
    numbers(40_000),
  ],
  [
    'a long text and many expressions',
    { allOf: Array.from({ length: 100 }, (_, n) => ({ not: { pattern: `(a|b|ab)*${n}c$` } })) },
    long,
  ],
  ['a long text and an expression that backtracks elsewhere', { pattern: '^(a+)+$' }, `${long.slice(1)}b`],
  ['a large expression', { pattern: '((a{0,30}){0,30})b' }, long],
  ['an expression with many states at once', { pattern: 'a[ab]{900}[cd]' }, mixed(256 * 1024)],
  ['the same, as large as it may be for its text', { pattern: 'a[ab]{24}[cd]' }, mixed(256 * 1024)],
  [
    'the same, often',
    { items: { allOf: [{ pattern: 'a[ab]{90}[cd]' }, { pattern: 'b[ab]{90}[cd]' }] } },
    numbers(100).map(() => mixed(2_000)),
  ],
  [
    'many names and many expressions',
    { patternProperties: Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`x{1,${n + 1}}y`, {}])) },
    Object.fromEntries(numbers(20_000).map((n) => [`k${n}`, 1])),
  ],
  [
    'many names to require, of many objects',
    { items: { allOf: Array.from({ length: 50 }, () => ({ required: numbers(200).map((n) => `${n}`) })) } },
    numbers(60_000).map(() => ({})),
  ],
  [
    'a count of characters, often',
    { allOf: Array.from({ length: 900 }, () => ({ minLength: 200_000 })) },
    long,
  ],
  [
    'what others have looked at, often',
    {
      allOf: Array.from({ length: 300 }, () => ({
        additionalProperties: true,
        unevaluatedProperties: false,
      })),
    },
    Object.fromEntries(numbers(20_000).map((n) => [`k${n}`, 1])),
  ],
  [
    'an enum of objects, often',
    { items: { enum: numbers(500).map((n) => ({ [`n${n}`]: numbers(5) })) } },
    numbers(20_000).map(() => ({ n: numbers(1) })),
  ],
  [
    'contains within contains',
    { contains: { contains: { contains: { const: 'x' } } } },
    numbers(40).map(() => numbers(40).map(() => numbers(40))),
  ],
];

describe('the work of a validation is bounded', () => {
  it.each(hostile)('for %s', (_, schema, payload) => {
    const validate = validatorOf(schema);
    const started = performance.now();

    const violations = validate(payload);

    // Far above what it takes on a machine that does nothing else, far below what it would take without bounds.
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(violations.length).toBeLessThanOrEqual(20);
  });

  it('and is told as such when it ends before the answer', () => {
    expect(validatorOf(doubling(40, false))(1)).toEqual([
      expect.objectContaining({
        pointer: '',
        accepted: expect.stringContaining(`${schemaLimits.steps} steps`),
      }),
    ]);
  });

  it('but large payloads and plain schemas fit', () => {
    const rows = numbers(6_000).map((id) => ({ id, name: `customer ${id}`, tags: ['a', 'b'] }));
    const row = {
      type: 'object',
      required: ['id', 'name'],
      properties: {
        id: { type: 'integer' },
        name: { type: 'string', maxLength: 40, pattern: '^customer' },
        tags: { items: { enum: ['a', 'b'] } },
      },
      additionalProperties: false,
    };

    expect(JSON.stringify(rows).length).toBeGreaterThan(256 * 1024);
    expect(validatorOf({ type: 'array', items: row })(rows)).toEqual([]);
    expect(validatorOf({ items: { type: 'integer', minimum: 0 } })(numbers(50_000))).toEqual([]);
  });
});
