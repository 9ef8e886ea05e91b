import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#core/problem/problem.ts';
import { tokenCap } from '#core/rate-limit/caps.ts';
import { type Cap, createRateLimiter, type RateLimiterPorts } from '#core/rate-limit/limiter.ts';
import { burstOf, exactBudget } from '#core/rate-limit/rate.ts';

const start = 1_700_000_000_000;

function capOf(perSecond: number): Cap {
  const cap = tokenCap({ id: 'tok_1', rateLimit: { perSecond } });
  if (cap === undefined) throw new Error('a token with a rate has a cap');
  return cap;
}

/** One budget in virtual time, kept as the rate store keeps it, and functions that share it. */
function world(perSecond: number, options: { readonly fails?: () => boolean } = {}) {
  const state = { now: start, paidUntil: 0, writes: 0, errors: 0 };
  const admitted: { readonly at: number; readonly events: number }[] = [];
  const ports: RateLimiterPorts = {
    now: () => state.now,
    random: () => 0.5,
    sleep: async (milliseconds) => {
      state.now += milliseconds;
    },
    take: async (_, { now, cost, mayOweUntil: limit }) => {
      state.writes += 1;
      if (options.fails?.()) throw new Error('throttled');
      const taken = state.paidUntil <= limit;
      if (taken) state.paidUntil = Math.max(state.paidUntil, now) + cost;
      return { taken, paidUntil: state.paidUntil };
    },
    onError: () => {
      state.errors += 1;
    },
  };
  const cap = capOf(perSecond);
  const instance = () => {
    const limiter = createRateLimiter(ports);
    return async (events: number, of = cap): Promise<number | undefined> => {
      try {
        await limiter.take(of, events);
        admitted.push({ at: state.now, events });
        return undefined;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        expect(error.code).toBe('rate_limited');
        return Number(error.headers['retry-after']);
      }
    };
  };
  const mostInASecond = (): number =>
    Math.max(
      0,
      ...admitted.map(({ at }) =>
        admitted
          .filter((other) => other.at >= at && other.at <= at + 1_000)
          .reduce((sum, { events }) => sum + events, 0),
      ),
    );
  return { state, admitted, instance, mostInASecond, ports };
}

describe('a rate', () => {
  it('is never exceeded by more than a burst for the budget and one for each function, in any second', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 1, max: 8 }),
        fc.array(
          fc.record({
            pause: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 }), fc.constant(1_500)),
            instance: fc.nat(7),
            events: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 100 })),
          }),
          { minLength: 50, maxLength: 300 },
        ),
        async (perSecond, count, posts) => {
          const { state, instance, mostInASecond } = world(perSecond);
          const instances = Array.from({ length: count }, instance);
          for (const { pause, instance: index, events } of posts) {
            state.now += pause;
            await instances[index % count]?.(events);
          }
          const burst = burstOf({ perSecond });
          const largest = Math.max(...posts.map(({ events }) => events));
          expect(mostInASecond()).toBeLessThanOrEqual(
            perSecond + Math.max(burst, largest) + count * (burst - 1),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('of single events stays within a tenth more than itself for one function', () => {
    for (let perSecond = 1; perSecond <= 100_000; perSecond += 7) {
      const burst = burstOf({ perSecond });
      expect(burst + (burst - 1)).toBeLessThanOrEqual(Math.ceil(perSecond / 10));
    }
  });

  it.each([1, 3, 30, 1_000])('of %i a second passes whole when its events come evenly', async (perSecond) => {
    const { state, instance, admitted } = world(perSecond);
    const post = instance();
    for (let index = 0; index < 3 * perSecond; index += 1) {
      state.now = Math.max(state.now, start + Math.ceil((index * 1_000) / perSecond));
      expect(await post(1)).toBeUndefined();
    }
    expect(admitted).toHaveLength(3 * perSecond);
  });

  it('costs one write for a twentieth of a second’s events, and none without a limit', async () => {
    const perSecond = 2_000;
    const { state, instance, admitted } = world(perSecond);
    const post = instance();
    for (let index = 0; index < 5 * perSecond; index += 1) {
      state.now = Math.max(state.now, start + Math.ceil((index * 1_000) / perSecond));
      await post(1);
    }
    expect(admitted).toHaveLength(5 * perSecond);
    // The first leases are small: they double up to a burst.
    expect(state.writes).toBeLessThanOrEqual(5 * 20 + 10);
    expect(tokenCap({ id: 'tok_2' })).toBeUndefined();
  });

  it('refuses without asking again until the budget can have something, and says when', async () => {
    const { state, instance } = world(10);
    const post = instance();
    expect(await post(40)).toBeUndefined();
    const writes = state.writes;
    for (let index = 0; index < 50; index += 1) expect(await post(1)).toBe(4);
    expect(state.writes).toBe(writes);
    state.now += 4_000;
    expect(await post(1)).toBeUndefined();
  });

  it('accepts a batch larger than a second’s events when nothing is owed, and it is paid for afterwards', async () => {
    const { state, instance } = world(5);
    const post = instance();
    expect(await post(100)).toBeUndefined();
    expect(await post(1)).toBe(20);
    state.now += 20_000;
    expect(await post(100)).toBeUndefined();
  });

  it('leaves room for others beside a busy function', async () => {
    const { state, instance } = world(1_000);
    const busy = instance();
    for (let round = 0; round < 20; round += 1) {
      for (let index = 0; index < 25; index += 1) await busy(1);
      expect(await instance()(1)).toBeUndefined();
      state.now += 50;
    }
  });

  it('lets events through while its counter is unavailable, and asks it once a second', async () => {
    let away = true;
    const { state, instance } = world(1, { fails: () => away });
    const post = instance();
    for (let index = 0; index < 20; index += 1) expect(await post(1)).toBeUndefined();
    expect(state).toMatchObject({ writes: 1, errors: 1 });
    away = false;
    state.now += 1_000;
    expect(await post(1)).toBeUndefined();
    expect(await post(1)).toBe(1);
  });

  it('refuses in the end when other functions come first each time', async () => {
    const { ports } = world(10);
    let asked = 0;
    const limiter = createRateLimiter({
      ...ports,
      take: async () => {
        asked += 1;
        return { taken: false, paidUntil: 0 };
      },
    });
    await expect(limiter.take(capOf(10), 1)).rejects.toMatchObject({
      code: 'rate_limited',
      headers: { 'retry-after': '1' },
    });
    expect(asked).toBeLessThan(10);
  });

  it('applies from the next event on when it was changed', async () => {
    const { instance } = world(1_000);
    const post = instance();
    for (let index = 0; index < 10; index += 1) await post(1);
    const slower = capOf(1);
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(1, slower)));
    expect(answers.filter((answer) => answer === undefined).length).toBeLessThanOrEqual(2);
  });
});

describe('what a budget may owe', () => {
  it('is a burst: whatever is taken within it leaves no more than that owed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        (perSecond, wanted) => {
          const budget = exactBudget({ perSecond });
          const events = Math.min(wanted, burstOf({ perSecond }));
          const owed = budget.mayOweUntil(events, 0) + budget.costOf(events);
          expect(owed).toBeLessThanOrEqual(budget.costOf(burstOf({ perSecond })) + 1);
        },
      ),
    );
  });
});
