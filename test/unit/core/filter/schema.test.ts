import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { filterSchema } from '#core/filter/schema.ts';

const condition = { field: 'payload.a', operator: 'eq', value: 1 };

/** What the schema says, as `path: message` lines. */
function refusals(input: unknown): string[] {
  const parsed = filterSchema.safeParse(input);
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

const nested = (levels: number): unknown =>
  levels === 1 ? { conditions: [condition] } : { conditions: [nested(levels - 1)] };

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('filterSchema', () => {
  it('fills in what was left out, in groups too', () => {
    expect(filterSchema.parse({})).toEqual({ logic: 'AND', conditions: [] });
    expect(filterSchema.parse({ conditions: [condition, { logic: 'OR' }] })).toEqual({
      logic: 'AND',
      conditions: [condition, { logic: 'OR', conditions: [] }],
    });
  });

  it.each([
    ['a list', [condition], ': a filter is an object {logic, conditions}; received an array of 1'],
    ['nothing', undefined, ': a filter is an object {logic, conditions}; received nothing'],
    [
      'another key',
      { condition: [] },
      'condition: received an unknown field; accepted: the fields logic, conditions',
    ],
    ['lower case', { logic: 'and', conditions: [] }, 'logic: logic is AND or OR; received the string "and"'],
    ['one condition', { conditions: condition }, 'conditions: conditions is an array; received an object'],
    [
      'a word as condition',
      { conditions: ['a'] },
      'conditions.0: a condition is an object {field, operator, value} or {logic, conditions}; received the string "a"',
    ],
    [
      'another root',
      { conditions: [{ ...condition, field: 'data.a' }] },
      'conditions.0.field: unknown field "data.a" (did you mean "payload.data.a"?); accepted are id, type, source, tags, timestamp, payload and payload.<path>, such as payload.items.0.sku',
    ],
    [
      'a path below a text',
      { conditions: [{ ...condition, field: 'type.length' }] },
      'conditions.0.field: unknown field "type.length"; accepted are id, type, source, tags, timestamp, payload and payload.<path>, such as payload.items.0.sku',
    ],
    [
      'a field that ends in a dot',
      { conditions: [{ ...condition, field: 'payload.' }] },
      'conditions.0.field: field "payload." has an empty segment; accepted are id, type, source, tags, timestamp, payload and payload.<path>, such as payload.items.0.sku',
    ],
    [
      'an operator with a boolean',
      { conditions: [condition, { conditions: [{ field: 'payload.a', operator: 'gt', value: true }] }] },
      'conditions.1.conditions.0.value: operator gt takes a number, a string or a reference; received the boolean true',
    ],
    [
      'no value',
      { conditions: [{ field: 'payload.a', operator: 'eq' }] },
      'conditions.0.value: operator eq takes any JSON value or a reference; received nothing',
    ],
    [
      'an unknown operator',
      { conditions: [{ ...condition, operator: '=' }] },
      'conditions.0.operator: operator is one of eq, ne, gt, gte, lt, lte, in, nin, contains, regex, exists; received the string "="',
    ],
  ])('refuses %s', (_, input, message) => {
    expect(refusals(input)).toEqual([message]);
  });

  it('reports everything that is wrong at once', () => {
    expect(refusals({ logic: 'XOR', conditions: [{ field: 1, operator: 2, value: 3 }] })).toHaveLength(3);
  });

  it.each([
    ['5 levels of groups', nested(5), nested(6), 'groups may nest 5 levels'],
    [
      '50 conditions',
      { conditions: times(50, condition) },
      { conditions: [...times(25, condition), { conditions: times(26, condition) }] },
      'a filter may hold 50 conditions and 50 groups; received 51 conditions in 2 groups',
    ],
    [
      '50 groups',
      { conditions: times(49, { conditions: [] }) },
      { conditions: times(50, { conditions: [] }) },
      'received 0 conditions in 51 groups',
    ],
    [
      '1 KB of text',
      { conditions: [{ ...condition, value: 'é'.repeat(512) }] },
      { conditions: [{ ...condition, value: `${'é'.repeat(512)}a` }] },
      'a string may have 1024 bytes; received 1025',
    ],
    [
      '1 KB of text inside a value',
      { conditions: [{ ...condition, value: { a: ['x'.repeat(1024)] } }] },
      { conditions: [{ ...condition, value: { a: ['x'.repeat(1025)] } }] },
      'a string may have 1024 bytes; received 1025',
    ],
    [
      '1 KB of field',
      { conditions: [{ ...condition, field: `payload.${'x'.repeat(1016)}` }] },
      { conditions: [{ ...condition, field: `payload.${'x'.repeat(1017)}` }] },
      'a string may have 1024 bytes; received 1025',
    ],
    [
      '1 KB of regex',
      { conditions: [{ field: 'type', operator: 'regex', value: 'x'.repeat(1024) }] },
      { conditions: [{ field: 'type', operator: 'regex', value: 'x'.repeat(1025) }] },
      'a string may have 1024 bytes; received 1025',
    ],
    [
      '100 elements',
      { conditions: [{ field: 'type', operator: 'in', value: times(100, 'a') }] },
      { conditions: [{ field: 'type', operator: 'in', value: times(101, 'a') }] },
      'operator in takes an array of at most 100 values or a reference; received an array of 101',
    ],
    [
      '64 levels of a value',
      { conditions: [{ ...condition, value: JSON.parse('['.repeat(64) + ']'.repeat(64)) }] },
      { conditions: [{ ...condition, value: JSON.parse('['.repeat(66) + ']'.repeat(66)) }] },
      'a value may nest 64 levels',
    ],
    [
      '128 KiB in all',
      { conditions: [{ field: 'type', operator: 'in', value: times(100, 'x'.repeat(1024)) }] },
      { conditions: times(2, { field: 'type', operator: 'in', value: times(100, 'x'.repeat(1024)) }) },
      'a filter may have 131072 bytes as JSON; received 2',
    ],
  ])('accepts %s and not more', (_, accepted, refused, message) => {
    expect(refusals(accepted)).toEqual([]);
    expect(refusals(refused).join('\n')).toContain(message);
  });

  it('takes 100,000 nested groups without overflowing', () => {
    const deep = JSON.parse('{"conditions":['.repeat(100_000) + ']}'.repeat(100_000));
    expect(refusals(deep).join('\n')).toContain('groups may nest 5 levels');
  });

  it('has a JSON Schema that describes groups in groups', () => {
    const schema = JSON.stringify(z.toJSONSchema(filterSchema, { io: 'input' }));
    expect(schema).toContain('"enum":["AND","OR"]');
    expect(schema).toContain('"contains"');
    expect(schema).toContain('"$ref"');
  });
});
