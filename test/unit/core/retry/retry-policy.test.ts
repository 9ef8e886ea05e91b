import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backoff,
  effectiveRetryPolicy,
  horizon,
  isRetryableStatus,
  plannedDelay,
  standardSchedule,
} from '#core/retry/retry-policy.ts';

const delays = (given: Parameters<typeof effectiveRetryPolicy>[0], count: number) => {
  const policy = effectiveRetryPolicy(given);
  return Array.from({ length: count }, (_, index) => plannedDelay(policy, index + 1));
};

describe('effectiveRetryPolicy', () => {
  it('takes "standard" for the Standard Webhooks schedule', () => {
    expect(effectiveRetryPolicy('standard')).toEqual({
      strategy: 'standard',
      schedule: [
        5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000,
      ],
      maxAttempts: 10,
      jitter: true,
      retryableStatuses: [408, 425, 429, '5xx'],
    });
  });

  it('fills each missing field with its default', () => {
    expect(effectiveRetryPolicy({})).toEqual({
      strategy: 'exponential',
      maxAttempts: 3,
      baseDelay: 1_000,
      maxDelay: 30_000,
      jitter: true,
      retryableStatuses: [408, 425, 429, '5xx'],
    });
    expect(effectiveRetryPolicy({ strategy: 'linear', maxAttempts: 7, jitter: false })).toMatchObject({
      strategy: 'linear',
      maxAttempts: 7,
      baseDelay: 1_000,
      jitter: false,
    });
  });

  it('takes a custom schedule as written: its length is the number of retries, without jitter', () => {
    expect(effectiveRetryPolicy({ strategy: 'custom', schedule: [10, 20, 30] })).toMatchObject({
      maxAttempts: 4,
      jitter: false,
    });
    expect(effectiveRetryPolicy({ strategy: 'custom', schedule: [] })).toMatchObject({ maxAttempts: 1 });
  });
});

describe('plannedDelay', () => {
  it('doubles up to the cap', () => {
    expect(delays({ baseDelay: 1_000, maxDelay: 5_000 }, 5)).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('grows by the base up to the cap', () => {
    expect(delays({ strategy: 'linear', baseDelay: 1_000, maxDelay: 2_500 }, 4)).toEqual([
      1_000, 2_000, 2_500, 2_500,
    ]);
  });

  it('stays the same, within the cap', () => {
    expect(delays({ strategy: 'fixed', baseDelay: 700 }, 3)).toEqual([700, 700, 700]);
    expect(delays({ strategy: 'fixed', baseDelay: 700, maxDelay: 500 }, 2)).toEqual([500, 500]);
  });

  it('follows a schedule', () => {
    expect(delays('standard', 9)).toEqual(standardSchedule);
    expect(delays({ strategy: 'custom', schedule: [5, 3, 9] }, 3)).toEqual([5, 3, 9]);
  });
});

describe('horizon', () => {
  it('is the sum of all waits', () => {
    expect(horizon(effectiveRetryPolicy({ baseDelay: 1_000, maxAttempts: 4 }))).toBe(1_000 + 2_000 + 4_000);
    expect(horizon(effectiveRetryPolicy({ strategy: 'custom', schedule: [1, 2, 3] }))).toBe(6);
    expect(horizon(effectiveRetryPolicy({ maxAttempts: 1 }))).toBe(0);
  });
});

describe('backoff', () => {
  const policy = fc
    .record({
      strategy: fc.constantFrom('exponential' as const, 'linear' as const, 'fixed' as const),
      baseDelay: fc.integer({ min: 0, max: 100_000 }),
      maxDelay: fc.integer({ min: 0, max: 1_000_000 }),
      jitter: fc.boolean(),
      maxAttempts: fc.integer({ min: 1, max: 50 }),
    })
    .map(effectiveRetryPolicy);
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it('is within ten per cent of the plan, in whole milliseconds, whatever chance says', () => {
    fc.assert(
      fc.property(policy, fc.integer({ min: 1, max: 50 }), random, (given, attempt, chance) => {
        const planned = plannedDelay(given, attempt);
        const delay = backoff(given, attempt, chance);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(planned * 0.9 - 0.5);
        expect(delay).toBeLessThanOrEqual(planned * 1.1 + 0.5);
        if (!given.jitter) expect(delay).toBe(planned);
      }),
    );
  });

  it('spreads over the whole range', () => {
    const given = effectiveRetryPolicy({ baseDelay: 1_000 });
    expect(backoff(given, 1, 0)).toBe(900);
    expect(backoff(given, 1, 0.5)).toBe(1_000);
    expect(backoff(given, 1, 0.999_999)).toBe(1_100);
  });
});

describe('isRetryableStatus', () => {
  it.each([
    [[408, 425, 429, '5xx'] as const, 503, true],
    [[408, 425, 429, '5xx'] as const, 429, true],
    [[408, 425, 429, '5xx'] as const, 404, false],
    [['4xx'] as const, 404, true],
    [['4xx'] as const, 500, false],
    [[] as const, 500, false],
    [['5xx'] as const, 600, false],
  ])('by %j: %i is %s', (rules, status, expected) => {
    expect(isRetryableStatus(rules, status)).toBe(expected);
  });
});

describe('the shortest delay', () => {
  it.each([
    { strategy: 'fixed', baseDelay: 1 },
    { strategy: 'custom', schedule: [0, 1, 5_000] },
  ] as const)('holds whatever the plan says: %j', (given) => {
    const policy = { ...effectiveRetryPolicy(given), shortestDelay: 1_000 };
    for (const attempt of [1, 2, 3])
      for (const random of [0, 0.5, 0.999])
        expect(backoff(policy, attempt, random)).toBeGreaterThanOrEqual(1_000);
  });

  it('lengthens no longer wait', () => {
    const policy = {
      ...effectiveRetryPolicy({ strategy: 'custom', schedule: [5_000] }),
      shortestDelay: 1_000,
    };
    expect(backoff(policy, 1, 0)).toBe(5_000);
  });
});
