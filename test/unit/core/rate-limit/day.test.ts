import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#core/problem/problem.ts';
import { dailyBytesCap } from '#core/rate-limit/caps.ts';
import { dayBudget } from '#core/rate-limit/day.ts';
import { createRateLimiter } from '#core/rate-limit/limiter.ts';
import { createTables } from '#test/support/memory/tables.ts';
import { memoryTokenBudgets } from '#test/support/memory/token-budgets.ts';

const day = 24 * 60 * 60 * 1_000;
const midnight = Date.UTC(2026, 0, 31);
const bytesPerDay = 20_000_000;
const limits = { endpoints: 1, eventTypes: 1, eventsPerSecond: 1, bytesPerDay };

/** Functions that share the bytes of a day in virtual time. */
function world(now: number) {
  const state = { now };
  const budgets = memoryTokenBudgets(createTables(() => state.now));
  const ports = { now: () => state.now, random: () => 0.5, sleep: async () => undefined };
  const instance = () => {
    const limiter = createRateLimiter({
      ...ports,
      take: budgets.take,
      onError: (error) => {
        throw error;
      },
    });
    return async (bytes: number): Promise<number | undefined> => {
      try {
        await limiter.take(dailyBytesCap('acme', limits), bytes);
        return undefined;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        expect(error.code).toBe('daily_bytes_used');
        return Number(error.headers['retry-after']);
      }
    };
  };
  return { state, instance };
}

describe('the bytes of a day', () => {
  it('may come at once, and then again after midnight UTC, which the refusal says', async () => {
    const { state, instance } = world(midnight + 6 * 60 * 60 * 1_000);
    const post = instance();
    for (let sent = 0; sent < 4; sent += 1) expect(await post(5_000_000)).toBeUndefined();
    expect(await post(5_000_000)).toBe(18 * 60 * 60);
    state.now = midnight + day - 1;
    expect(await post(5_000_000)).toBe(1);
    state.now = midnight + day;
    for (let sent = 0; sent < 4; sent += 1) expect(await post(5_000_000)).toBeUndefined();
    expect(await post(1)).toBe(24 * 60 * 60);
  });

  it('are never exceeded by more than a lease for each function, however they come', async () => {
    const posts = fc.array(
      fc.record({
        pause: fc.integer({ min: 0, max: 2_000_000 }),
        instance: fc.nat(4),
        bytes: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 5_000_000 })),
      }),
      { minLength: 20, maxLength: 100 },
    );
    await fc.assert(
      fc.asyncProperty(posts, async (all) => {
        const { state, instance } = world(midnight);
        const instances = Array.from({ length: 5 }, instance);
        const perDay = new Map<number, number>();
        for (const { pause, instance: index, bytes } of all) {
          state.now += pause;
          if ((await instances[index]?.(bytes)) !== undefined) continue;
          const today = Math.floor(state.now / day);
          perDay.set(today, (perDay.get(today) ?? 0) + bytes);
        }
        const { mostLeased } = dayBudget(bytesPerDay);
        for (const sum of perDay.values()) expect(sum).toBeLessThanOrEqual(bytesPerDay + 5 * mostLeased);
      }),
    );
  });

  it('cost a write for a ten-thousandth of them', () => {
    expect(dayBudget(10_000_000_000).leastLease).toBe(1_000_000);
  });
});
