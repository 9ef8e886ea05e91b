import { describe, expect, it } from 'vitest';
import { problemsOf } from './reading.ts';

describe('a schema that cannot be used', () => {
  it.each([
    ['another dialect', { $schema: 'http://json-schema.org/draft-04/schema#' }, '/$schema'],
    [
      'a word of 2020-12 in draft-07',
      { $schema: 'http://json-schema.org/draft-07/schema#', prefixItems: [true] },
      '/prefixItems',
    ],
    [
      'a word beside $ref, which draft-07 ignores',
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        definitions: { a: {} },
        items: { $ref: '#/definitions/a', minLength: 3 },
      },
      '/items/minLength',
    ],
    ['a word of draft-07 in 2020-12', { dependencies: { a: ['b'] } }, '/dependencies'],
    ['a list of schemas for items in 2020-12', { items: [true] }, '/items'],
    ['a discriminator without a property', { discriminator: 'kind' }, '/discriminator'],
    ['a value that is not a schema', 'string', ''],
    ['the same, deeper', { properties: { a: { items: 3 } } }, '/properties/a/items'],
    ['a mistyped keyword', { properties: { a: { requried: ['b'] } } }, '/properties/a/requried'],
    ['an unknown type', { type: 'date' }, '/type'],
    ['a type twice', { type: ['null', 'null'] }, '/type'],
    ['a negative count', { minLength: -1 }, '/minLength'],
    ['multiples of 0', { multipleOf: 0 }, '/multipleOf'],
    ['an empty anyOf', { anyOf: [] }, '/anyOf'],
    ['a string as a limit', { maximum: '5' }, '/maximum'],
    ['names that are not strings', { required: [1] }, '/required'],
    ['look-around', { pattern: '(?=a)' }, '/pattern'],
    ['a back-reference', { patternProperties: { '(a)\\1': {} } }, '/patternProperties/(a)\\1'],
    ['a long expression', { pattern: 'a'.repeat(1_025) }, '/pattern'],
    ['a reference to another document', { $ref: 'https://example.com/schema.json' }, '/$ref'],
    ['a reference to a missing schema', { items: { $ref: '#/$defs/missing' } }, '/items/$ref'],
    [
      'a reference to a value that is not a schema',
      { $defs: { a: { enum: [{}] } }, $ref: '#/$defs/a/enum/0' },
      '/$ref',
    ],
    ['another base inside', { $defs: { a: { $id: 'other' } } }, '/$defs/a/$id'],
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
