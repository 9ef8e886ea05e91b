import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noon } from '#test/support/deliveries.ts';
import { ManyEndpoints, type ManyOptions } from './many-endpoints.ts';
import { OneDelivery } from './one-delivery.ts';
import { seeded } from './plant/ids.ts';
import { start } from './plant/plant.ts';
import { answered } from './plant/receivers.ts';

const second = 1_000;
const minute = 60 * second;
const slots = { high: 4, normal: 10, low: 4, retry: 10, slow: 4 };
const retryConfig = { maxAttempts: 3, strategy: 'fixed', baseDelay: 1_000, jitter: false } as const;

const limited = (options: Partial<ManyOptions> = {}) => new ManyEndpoints({ now: noon, slots, ...options });

/** Most of these times in any one second. */
function mostInASecond(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.max(
    0,
    ...sorted.map((from, index) => {
      const next = sorted.findIndex((time) => time >= from + second);
      return (next < 0 ? sorted.length : next) - index;
    }),
  );
}

const requestsOf = (world: ManyEndpoints, id: string): readonly number[] => world.arrivalsAt(id);

describe('a delivery that would wait for its slot for more than 14 days', () => {
  it('is cancelled, and that is announced, whatever step it crashes at', async () => {
    for (let crash = 0; crash <= 12; crash += 1) {
      const world = new OneDelivery({
        ...{ retryConfig, rateLimit: { perSecond: 1 } },
        receiver: () => answered(200),
        crashAt: (step) => step === crash,
      });
      world.noted = { slots: { next: start + 15 * 24 * 60 * minute, perSecond: 1, asOf: start } };
      await world.run();
      expect(world.item?.state).toMatchObject({ status: 'cancelled', reason: 'expired' });
      expect(new Set(world.announced), `crash at step ${crash}`).toEqual(new Set(['delivery.cancelled']));
      expect(world.requests).toEqual([]);
    }
  });
});

describe('an endpoint with a rate limit of 5 a second', () => {
  it('gets 100 deliveries at once in about 20 s, evenly, each received a few times and attempted once', async () => {
    const world = limited();
    const id = world.add({ after: 20, status: 200 }, { rateLimit: { perSecond: 5 } });
    for (let n = 0; n < 100; n += 1) world.post(id);
    await world.runUntil(noon + 2 * minute);
    const requests = requestsOf(world, id);
    expect(requests).toHaveLength(100);
    expect(mostInASecond(requests)).toBeLessThanOrEqual(6);
    const lasted = Math.max(...requests) - noon;
    expect(lasted).toBeGreaterThanOrEqual(19 * second);
    expect(lasted).toBeLessThanOrEqual(22 * second);
    expect(Math.max(...world.receives.values())).toBeLessThanOrEqual(3);
    for (const { attemptCount, state } of world.items)
      expect({ attemptCount, status: state.status }).toEqual({ attemptCount: 1, status: 'succeeded' });
  });

  it('writes no state for what need not wait', async () => {
    const world = limited();
    const id = world.add({ after: 20, status: 200 }, { rateLimit: { perSecond: 5 } });
    for (let n = 0; n < 10; n += 1) world.plant.clock.after(n * 250, () => world.post(id));
    await world.runUntil(noon + minute);
    expect(requestsOf(world, id)).toHaveLength(10);
    expect(world.items.map(({ revision }) => revision)).toEqual(Array(10).fill(1));
  });

  it('holds in the table what waits for more than a minute, with its slot', async () => {
    const world = limited();
    const id = world.add({ after: 20, status: 200 }, { rateLimit: { perSecond: 5 } });
    for (let n = 0; n < 1_000; n += 1) world.post(id);
    await world.runUntil(noon + 30 * second);
    const held = world.items.filter(({ state }) => state.status === 'held');
    expect(held.length).toBeGreaterThan(600);
    for (const { state } of held)
      expect(state).toMatchObject({ heldFor: 'rate_limit', slot: { perSecond: 5 } });
    // The scheduler comes half a minute late, when the time of many has passed.
    await world.runUntil(noon + 6 * minute);
    const requests = requestsOf(world, id);
    expect(requests).toHaveLength(1_000);
    expect(mostInASecond(requests)).toBeLessThanOrEqual(6);
    expect(Math.max(...requests) - noon).toBeLessThanOrEqual(240 * second);
    expect(Math.max(...world.receives.values())).toBeLessThanOrEqual(5);
  });

  it('has its retries in the same slots', async () => {
    const world = limited();
    const circuitBreaker = { enabled: false, threshold: 5, timeout: 60_000 };
    const id = world.add(
      { after: 20, status: 503 },
      { rateLimit: { perSecond: 5 }, retryConfig, circuitBreaker },
    );
    for (let n = 0; n < 20; n += 1) world.post(id);
    await world.runUntil(noon + 2 * minute);
    expect(requestsOf(world, id)).toHaveLength(60);
    expect(mostInASecond(requestsOf(world, id))).toBeLessThanOrEqual(6);
    for (const { attemptCount } of world.items) expect(attemptCount).toBe(3);
  });

  it('reserves no slots for what its circuit holds', async () => {
    const world = limited();
    const id = world.add({ after: 20, status: 503 }, { rateLimit: { perSecond: 5 } });
    for (let n = 0; n < 10; n += 1) world.post(id);
    await world.runUntil(noon + 10 * second);
    const { next } = world.slotsOf(id) ?? { next: 0 };
    const before = requestsOf(world, id).length;
    for (let n = 0; n < 50; n += 1) world.post(id);
    await world.runUntil(noon + 20 * second);
    expect(requestsOf(world, id)).toHaveLength(before);
    expect(world.slotsOf(id)?.next).toBe(next);
  });
});

describe('an edit of the rate limit', () => {
  const flooded = async (perSecond: number) => {
    const world = limited();
    const id = world.add({ after: 20, status: 200 }, { rateLimit: { perSecond } });
    for (let n = 0; n < 50; n += 1) world.post(id);
    await world.runUntil(noon + 5 * second);
    return { world, id };
  };

  it('to a lower one applies to what waits already', async () => {
    const { world, id } = await flooded(5);
    world.edit(id, { rateLimit: { perSecond: 1 }, updatedAt: noon });
    await world.runUntil(noon + 4 * minute);
    // Except for those that functions handled already.
    const after = requestsOf(world, id).filter((at) => at > noon + 9 * second);
    expect(requestsOf(world, id)).toHaveLength(50);
    expect(mostInASecond(after)).toBeLessThanOrEqual(2);
  });

  it('to a higher one applies as soon as what waits comes back', async () => {
    const { world, id } = await flooded(1);
    world.edit(id, { rateLimit: { perSecond: 20 }, updatedAt: noon });
    world.post(id);
    await world.runUntil(noon + 7 * second);
    // The new delivery does not wait for the old slots.
    expect(requestsOf(world, id).length).toBeGreaterThan(7);
    await world.runUntil(noon + 2 * minute);
    expect(requestsOf(world, id)).toHaveLength(51);
    expect(mostInASecond(requestsOf(world, id))).toBeLessThanOrEqual(21);
  });

  it('that removes it releases everything', async () => {
    const { world, id } = await flooded(1);
    world.edit(id, { rateLimit: undefined });
    world.post(id);
    await world.runUntil(noon + 7 * second);
    expect(requestsOf(world, id).length).toBeGreaterThan(6);
    await world.runUntil(noon + 2 * minute);
    expect(requestsOf(world, id)).toHaveLength(51);
  });
});

describe('an endpoint with a rate limit that stops taking deliveries', () => {
  // The endpoint is not read again in the last quarter of a second, nor after a wait that is hardly longer.
  const soon = 600;

  it.each([
    ['paused', { status: 'held', heldFor: 'paused' }],
    ['disabled', { status: 'cancelled', reason: 'endpoint_disabled' }],
  ] as const)('as it is %s gets nothing that waits for its slot', async (status, state) => {
    const world = limited();
    const id = world.add({ after: 20, status: 200 }, { rateLimit: { perSecond: 5 } });
    for (let n = 0; n < 50; n += 1) world.post(id);
    await world.runUntil(noon + 5 * second);
    world.change(id, status);
    await world.runUntil(noon + 2 * minute);
    const requests = requestsOf(world, id);
    expect(Math.max(...requests) - noon).toBeLessThanOrEqual(5 * second + soon);
    expect(requests.length).toBeGreaterThan(20);
    const waited = world.items.filter(({ attemptCount }) => attemptCount === 0);
    expect(waited).toHaveLength(50 - requests.length);
    for (const one of waited) expect(one.state).toMatchObject(state);
  });

  it('as its circuit opens is left alone', async () => {
    const world = limited();
    const id = world.add({ after: 20, status: 503 }, { rateLimit: { perSecond: 10 } });
    for (let n = 0; n < 100; n += 1) world.post(id);
    await world.runUntil(noon + 30 * second);
    const requests = requestsOf(world, id).toSorted((a, b) => a - b);
    expect(requests.length).toBeGreaterThanOrEqual(5);
    const opened = requests[4] ?? Number.NaN;
    expect(Math.max(...requests) - opened).toBeLessThanOrEqual(soon);
  });

  it.each([
    ['is near', 800],
    ['is waited for in the queue', 20_000],
  ])('while a slot %s, gets the delivery after the pause, whatever step crashes', async (_, wait) => {
    for (let crash = 0; crash <= 40; crash += 1) {
      // After a crash before the wait there may be no wait.
      let pausedAt = Number.POSITIVE_INFINITY;
      const world = new OneDelivery({
        ...{ retryConfig, rateLimit: { perSecond: 1 } },
        receiver: () => answered(200),
        crashAt: (step) => step === crash,
        slept: (paused) => {
          if (pausedAt <= paused.plant.now) return;
          pausedAt = paused.plant.now;
          paused.pause();
        },
      });
      world.noted = { slots: { next: start + wait, perSecond: 1, asOf: start } };
      await world.run(20 * minute);
      const late = world.requests.filter(({ at }) => at >= pausedAt);
      expect(late, `crash at step ${crash}`).toEqual([]);
      world.resume();
      await world.run(60 * minute);
      expect(world.item?.state.status, `crash at step ${crash}`).toBe('succeeded');
      expect(world.item?.attemptCount).toBe(1);
    }
  });
});

describe('a rate limit whose functions crash', () => {
  it.each([
    ['is near', 400],
    ['is waited for in the queue', 20_000],
    ['is waited for in the table', 150_000],
  ])(
    'at any step, while a slot %s, loses nothing, counts no wait and sends nothing early',
    async (_, wait) => {
      for (let crash = 0; crash <= 60; crash += 1) {
        const world = new OneDelivery({
          retryConfig,
          rateLimit: { perSecond: 1 },
          receiver: (n) => answered(n === 1 ? 503 : 200),
          crashAt: (step) => step === crash,
        });
        world.noted = { slots: { next: start + wait, perSecond: 1, asOf: start } };
        await world.run();
        expect(world.item?.state.status, `crash at step ${crash}`).toBe('succeeded');
        expect(world.item?.attemptCount).toBeLessThanOrEqual(2);
        const times = world.requests.map(({ at }) => at);
        expect(Math.min(...times) - start).toBeGreaterThanOrEqual(wait);
        expect(mostInASecond(times)).toBeLessThanOrEqual(2);
      }
    },
  );
});

describe('whatever comes, fails, is late and has a wrong clock', () => {
  it('no second has more requests than the limit and one, and nothing is lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 3, 5, 20),
        fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 10, maxLength: 30, size: 'max' }),
        fc.constantFrom(0, 400, 2_500),
        fc.constantFrom(0, 70, 900),
        fc.constantFrom(0, 0.03),
        fc.integer({ min: 1, max: 1_000_000 }),
        async (perSecond, arrivals, lateness, oversleep, failures, seed) => {
          const random = seeded(seed);
          const world = limited({
            lateness: () => Math.floor(random() * lateness),
            oversleep: () => Math.floor(random() * oversleep),
            fails: () => random() < failures,
            skew: () => Math.floor(random() * 100) - 50,
          });
          const id = world.add({ after: 20, status: 200 }, { rateLimit: { perSecond }, retryConfig });
          for (const at of arrivals) world.plant.clock.after(at, () => world.post(id));
          await world.runUntil(noon + 30 * minute);
          const requests = requestsOf(world, id);
          expect(mostInASecond(requests)).toBeLessThanOrEqual(perSecond + 1);
          expect(world.posted.filter((event) => event.requests > 0).length).toBe(arrivals.length);
          for (const { state } of world.items) expect(state.status).toBe('succeeded');
        },
      ),
      { numRuns: 60 },
    );
  });
});
