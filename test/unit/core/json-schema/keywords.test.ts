import { describe, expect, it } from 'vitest';
import { table } from './keywords-table.ts';
import { takes, validatorOf } from './reading.ts';

describe('a JSON Schema', () => {
  it.each(table)('%s', (_, schema, accepted, refused) => {
    for (const value of accepted) expect(takes(schema, value), `takes ${JSON.stringify(value)}`).toBe(true);
    for (const value of refused) expect(takes(schema, value), `refuses ${JSON.stringify(value)}`).toBe(false);
  });

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
});
