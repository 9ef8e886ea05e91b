import { beforeAll, describe, expect, it } from 'vitest';
import { schemaLimits } from '#core/json-schema/limits.ts';
import { doubling, hostileSchemas, numbers } from '#test/support/hostile-schemas.ts';
import { problemsOf, validatorOf } from './reading.ts';

/** Microseconds of CPU of this thread. */
function cpuOf(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}

describe('the work of a validation is bounded', () => {
  const known = doubling(40, false);
  let cpuOfKnown = 0;
  beforeAll(() => {
    cpuOfKnown = Math.min(...Array.from({ length: 3 }, () => cpuOf(() => validatorOf(known)(1))));
  });

  it.each(hostileSchemas)('for $name', ({ schema, payload }) => {
    const [refused] = problemsOf(schema);
    if (refused !== undefined) {
      expect(refused.accepted).toContain('steps to prepare');
      return;
    }
    const validate = validatorOf(schema);
    let violations: readonly unknown[] = [];

    const cpu = cpuOf(() => {
      violations = validate(payload);
    });

    // Steps differ in what they cost, by up to ten times. Work that is not counted would take hundreds of times as long.
    expect(cpu / cpuOfKnown).toBeLessThan(50);
    expect(violations.length).toBeLessThanOrEqual(20);
  });

  it('and the violation says so when the steps end before the answer', () => {
    expect(validatorOf(doubling(40, false))(1)).toEqual([
      expect.objectContaining({
        pointer: '',
        accepted: expect.stringContaining(`${schemaLimits.steps} steps`),
      }),
    ]);
  });

  it('but large payloads with plain schemas fit', () => {
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
