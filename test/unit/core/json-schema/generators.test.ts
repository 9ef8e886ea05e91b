import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { problemsOf, takes } from './reading.ts';

const draft07 = 'http://json-schema.org/draft-07/schema#';

describe('what generators write is taken', () => {
  it('Pydantic: tagged unions with a discriminator', () => {
    // model_json_schema() of a model with `pet: Cat | Dog = Field(discriminator='kind')`.
    const schema = {
      $defs: {
        Cat: {
          properties: {
            kind: { const: 'cat', title: 'Kind', type: 'string' },
            lives: { default: 9, title: 'Lives', type: 'integer' },
          },
          required: ['kind'],
          title: 'Cat',
          type: 'object',
        },
        Dog: {
          properties: {
            kind: { const: 'dog', title: 'Kind', type: 'string' },
            weight: {
              anyOf: [{ type: 'number' }, { pattern: '^(?!^[-+.]*$)[+-]?0*\\d*\\.?\\d*$', type: 'string' }],
              title: 'Weight',
            },
          },
          required: ['kind', 'weight'],
          title: 'Dog',
          type: 'object',
        },
      },
      properties: {
        pet: {
          discriminator: { mapping: { cat: '#/$defs/Cat', dog: '#/$defs/Dog' }, propertyName: 'kind' },
          oneOf: [{ $ref: '#/$defs/Cat' }, { $ref: '#/$defs/Dog' }],
          title: 'Pet',
        },
        note: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null, title: 'Note' },
        at: { format: 'date-time', title: 'At', type: 'string' },
      },
      required: ['pet', 'at'],
      title: 'Event',
      type: 'object',
    };
    const at = '2026-01-31T12:00:00Z';
    expect(problemsOf(schema)).toEqual([]);
    expect(takes(schema, { pet: { kind: 'cat' }, at })).toBe(true);
    expect(takes(schema, { pet: { kind: 'dog', weight: '12.50' }, at, note: null })).toBe(true);
    expect(takes(schema, { pet: { kind: 'dog', weight: '+.' }, at })).toBe(false);
    expect(takes(schema, { pet: { kind: 'bird' }, at })).toBe(false);
  });

  it('schemars, ts-json-schema-generator and others: draft-07', () => {
    const schema = {
      $schema: draft07,
      $ref: '#/definitions/Order',
      definitions: {
        Order: {
          type: 'object',
          properties: {
            id: { type: 'integer', format: 'uint64', minimum: 0 },
            place: { $ref: '#/definitions/Point', description: 'where' },
            coupon: { type: ['string', 'null'] },
          },
          required: ['id'],
          dependencies: { coupon: ['place'], place: { properties: { id: { minimum: 10 } } } },
          additionalProperties: false,
        },
        Point: {
          type: 'array',
          items: [{ type: 'number' }, { type: 'number' }],
          additionalItems: { type: 'string' },
          minItems: 2,
        },
      },
    };
    expect(problemsOf(schema)).toEqual([]);
    expect(takes(schema, { id: 1 })).toBe(true);
    expect(takes(schema, { id: 10, place: [1, 2, 'a'], coupon: null })).toBe(true);
    expect(takes(schema, { id: 10, place: [1, '2'] })).toBe(false);
    expect(takes(schema, { id: 10, place: [1, 2, 3] })).toBe(false);
    expect(takes(schema, { id: 9, place: [1, 2] })).toBe(false);
    expect(takes(schema, { id: 10, coupon: 'x' })).toBe(false);
    expect(takes(schema, { id: 1, other: 2 })).toBe(false);
  });

  it.each([
    'http://json-schema.org/draft-07/schema',
    'https://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2020-12/schema#',
  ])('with $schema %s', ($schema) => {
    expect(problemsOf({ $schema, type: 'object' })).toEqual([]);
  });

  it.each(['draft-7', 'draft-2020-12'] as const)('Zod: %s', (target) => {
    const source = z.strictObject({
      id: z.uuid(),
      email: z.email(),
      at: z.iso.datetime(),
      place: z.tuple([z.number(), z.number()], z.string()),
      kind: z.enum(['a', 'b']),
      pet: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('cat') }),
        z.object({ kind: z.literal('dog'), n: z.int() }),
      ]),
      more: z.record(z.string(), z.nullable(z.number())).optional(),
    });
    const schema = z.toJSONSchema(source, { target });
    const valid = {
      id: '018f6d3c-5b0a-7c1e-9d55-3a1f0c9b7e42',
      email: 'a.b@example.com',
      at: '2026-01-31T12:00:00Z',
      place: [1, 2, 'x'],
      kind: 'a',
      pet: { kind: 'dog', n: 1 },
      more: { a: null },
    };
    expect(problemsOf(schema)).toEqual([]);
    expect(takes(schema, valid)).toBe(true);
    for (const wrong of [
      { email: 'a..b@example.com' },
      { email: '.a@example.com' },
      { id: 'x' },
      { place: [1, 2, 3] },
      { pet: { kind: 'dog' } },
    ]) {
      expect(takes(schema, { ...valid, ...wrong })).toBe(false);
    }
  });
});

describe('expressions of generators', () => {
  it.each([
    ['^(?!^[-+.]*$)[+-]?0*\\d*\\.?\\d*$', '+-.019'],
    [
      "^(?!\\.)(?!.*\\.\\.)([A-Za-z0-9_'+\\-\\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$",
      "aZ9_+-'.@",
    ],
  ])('mean the same without look-around: %s', (pattern, letters) => {
    const schema = { pattern };
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 }),
      fc.string({ unit: fc.constantFrom(...letters), maxLength: 6 }).map((start) => `${start}@a9.bc`),
    );
    fc.assert(
      fc.property(text, (value) => {
        expect(takes(schema, value)).toBe(new RegExp(pattern).test(value));
      }),
      { numRuns: 500 },
    );
  });
});
