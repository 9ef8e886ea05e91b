import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { Problem, problemDocument } from '#core/problem/problem.ts';
import { problemCodes } from '#core/problem/problem-codes.ts';
import { formatPath } from '#core/validation/path.ts';
import { accepts, fields, oneOf, optional, text, whole, yesOrNo } from '#core/validation/schemas.ts';
import { validate } from '#core/validation/validate.ts';

function refusal(schema: z.ZodMiniType, value: unknown, path?: PropertyKey[]): Problem {
  try {
    validate({ schema, value, ...(path && { path }) });
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the value was accepted');
}

describe('a problem', () => {
  it('has the form of RFC 9457', () => {
    const problem = new Problem('not_found', { detail: 'there is no endpoint "x"' });
    expect(problemDocument(problem, 'r-1')).toEqual({
      type: 'urn:hook0:problem:not_found',
      title: 'Not found',
      status: 404,
      code: 'not_found',
      detail: 'there is no endpoint "x"',
      requestId: 'r-1',
    });
  });

  it.each(Object.entries(problemCodes))(
    '%s has a status, a title and a stable name',
    (code, { status, title }) => {
      expect(code).toMatch(/^[a-z0-9]+(?:_[a-z0-9]+)*$/);
      expect([400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503, 508]).toContain(status);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
    },
  );
});

describe('validate', () => {
  const schema = fields({
    name: text(1, 10),
    count: z.optional(whole(1, 5, 'things')),
    kind: z.optional(oneOf(['a', 'b'])),
    on: z.optional(yesOrNo()),
    even: z.optional(
      z.number('a number').check(accepts((value: number) => value % 2 === 0, 'an even number')),
    ),
    list: z.optional(
      z.array(fields({ secret: z.string('a string').check(z.maxLength(3, 'at most 3')) }), 'an array'),
    ),
    either: z.optional(z.union([z.literal('all'), fields({ depth: whole(0, 3) })], '"all" or an object')),
  });

  it.each([
    [{}, 'name', 'is required; accepted: a string of 1 to 10 characters without control characters'],
    [{ name: 5 }, 'name', /received the number 5/],
    [{ name: 'x'.repeat(1_000) }, 'name', /received the string "x{60}…"/],
    [{ name: 'a', count: 9 }, 'count', 'received the number 9; accepted: a whole number from 1 to 5 things'],
    [{ name: 'a', count: 1.5 }, 'count', /received the number 1.5/],
    [{ name: 'a', kind: 'c' }, 'kind', 'received the string "c"; accepted: one of a, b'],
    [{ name: 'a', on: 'yes' }, 'on', /accepted: true or false/],
    [{ name: 'a', even: 3 }, 'even', 'received the number 3; accepted: an even number'],
    [
      { name: 'a', list: [{ secret: 'abc' }, { secret: 'hunter2' }] },
      'list[1].secret',
      'received a string of 7 characters; accepted: at most 3',
    ],
    [{ name: 'a', either: 5 }, 'either', 'received the number 5; accepted: "all" or an object'],
    [{ name: 'a', either: { depth: 4 } }, 'either.depth', /accepted: a whole number from 0 to 3/],
    [
      { name: 'a', either: { deep: 1, depth: 1 } },
      'either.deep',
      'received an unknown field; accepted: the fields depth',
    ],
    [{ name: 'a', nmae: 'b' }, 'nmae', /received an unknown field; accepted: the fields name, count/],
    [{ name: 'a', constructor: 1 }, 'constructor', /unknown field/],
    [JSON.parse('{"name":"a","__proto__":1}'), '__proto__', /unknown field/],
    [[], '', /received an array of 0; accepted: an object with the fields name/],
    [null, '', /received null/],
  ])('of %j blames %j', (value, field, message) => {
    const { code, status, errors = [], detail, accepted } = refusal(schema, value);
    expect({ code, status }).toEqual({ code: 'validation_failed', status: 400 });
    expect(errors).toHaveLength(1);
    expect(errors[0]?.field).toBe(field);
    expect(errors[0]?.message).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
    expect(detail).toBe(field === '' ? errors[0]?.message : `${field}: ${errors[0]?.message}`);
    expect(accepted).toMatch(/\w/);
  });

  it('puts a prefix before every field', () => {
    expect(refusal(schema, { name: 5 }, ['events', 3]).field).toBe('events[3].name');
  });

  it('accepts null as absent where a field allows it', () => {
    const lenient = fields({ a: optional(whole(1, 2)) });
    expect(validate({ schema: lenient, value: { a: null } })).toEqual({ a: undefined });
    expect(validate({ schema: lenient, value: {} })).toEqual({});
  });

  it('refuses any value with a short answer', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const result = schema.safeParse(value);
        if (!result.success)
          expect(JSON.stringify(problemDocument(refusal(schema, value))).length).toBeLessThan(20_000);
      }),
    );
  });
});

describe('a path', () => {
  it.each([
    [[], ''],
    [['a', 'b'], 'a.b'],
    [['a', 0, 'b', 1], 'a[0].b[1]'],
    [['a.b', 'c d'], '["a.b"]["c d"]'],
    [['x'.repeat(100)], `["${'x'.repeat(64)}…"]`],
  ])('%j reads %s', (path, written) => {
    expect(formatPath(path)).toBe(written);
  });
});
