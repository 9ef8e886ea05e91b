/** Schemas and payloads that take as long as possible within the limits. */
export const doubling = (levels: number, leaf: unknown) => ({
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length: levels }, (_, n) => [
      `d${n}`,
      n === levels - 1 ? leaf : { anyOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
    ]),
  ),
});
export const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
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

const cases: readonly (readonly [string, unknown, unknown])[] = [
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

export const hostileSchemas = cases.map(([name, schema, payload]) => ({ name, schema, payload }));
