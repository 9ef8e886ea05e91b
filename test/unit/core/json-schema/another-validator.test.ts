// biome-ignore-all lint/suspicious/noThenProperty: a keyword of JSON Schema, and no code awaits these
import { Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { table } from './keywords-table.ts';
import { takes } from './reading.ts';

const oracleOf = (schema: unknown) => {
  const validator = new Validator(schema as object, '2020-12');
  return (value: unknown) => validator.validate(value).valid;
};

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

describe('a JSON Schema', () => {
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
