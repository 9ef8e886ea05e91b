import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSettled } from '#core/delivery/delivery.ts';
import { OneDelivery } from './one-delivery.ts';
import { accept } from './plant/people.ts';
import { start } from './plant/plant.ts';
import { answered } from './plant/receivers.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const retryConfig = { maxAttempts: 50, strategy: 'fixed', baseDelay: 1_000, jitter: false } as const;
const circuitBreaker = { enabled: true, threshold: 1, timeout: 10 * minute };
const failing = (failures: number) => (n: number) => answered(n <= failures ? 500 : 200);

const opens = (world: OneDelivery) => world.circuits.filter(({ state }) => state === 'open');

describe('a circuit, simulated', () => {
  it('opens, holds, recovers by one probe and drains', async () => {
    const world = new OneDelivery({ retryConfig, circuitBreaker, receiver: failing(1) });
    await world.run(9 * minute);
    expect(world.item).toMatchObject({ attemptCount: 1, state: { status: 'held', heldFor: 'circuit' } });
    expect(world.requests).toHaveLength(1);
    await world.run();
    expect(world.item).toMatchObject({ attemptCount: 2, state: { status: 'succeeded' } });
    expect(world.circuit).toMatchObject({ state: 'closed', epoch: 1, failures: 0 });
    expect(world.announced).toEqual(['circuit.opened', 'circuit.closed']);
    const [first, probe] = world.requests.map(({ at }) => at);
    expect((probe ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(circuitBreaker.timeout);
    expect((probe ?? 0) - (first ?? 0)).toBeLessThanOrEqual(circuitBreaker.timeout + 2 * minute);
  });

  it('stays open twice as long after each failed probe, and at most an hour', async () => {
    const world = new OneDelivery({ retryConfig, circuitBreaker, receiver: failing(7) });
    await world.run();
    const at = world.requests.map((request) => request.at);
    const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    const planned = [10, 20, 40, 60, 60, 60, 60].map((minutes) => minutes * minute);
    expect(waits).toHaveLength(planned.length);
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(planned[index] ?? 0);
      expect(wait).toBeLessThanOrEqual((planned[index] ?? 0) + 2 * minute);
    }
    expect(world.item?.state.status).toBe('succeeded');
  });

  it('never opens without a breaker, and writes nothing while the endpoint is well', async () => {
    const rules = { ...circuitBreaker, enabled: false };
    const ailing = new OneDelivery({ retryConfig, circuitBreaker: rules, receiver: failing(9) });
    await ailing.run();
    expect(opens(ailing)).toEqual([]);
    expect(ailing.item).toMatchObject({ attemptCount: 10, state: { status: 'succeeded' } });

    const well = new OneDelivery({ retryConfig, circuitBreaker, receiver: () => answered(200) });
    await well.run();
    expect(well.circuits).toEqual([]);
  });

  it('is closed by any answer of a live endpoint, and left as it is by a neutral one', async () => {
    const refusing = new OneDelivery({
      retryConfig,
      circuitBreaker,
      receiver: (n) => answered(n <= 1 ? 500 : 404),
    });
    await refusing.run();
    expect(refusing.item?.state).toMatchObject({ status: 'dead', reason: 'refused' });
    expect(refusing.circuit).toMatchObject({ state: 'closed', epoch: 1 });

    const busy = new OneDelivery({
      retryConfig,
      circuitBreaker,
      receiver: (n) => answered(n <= 1 ? 500 : n <= 3 ? 429 : 200),
    });
    await busy.run();
    expect(busy.item?.state.status).toBe('succeeded');
    const untils = new Set(opens(busy).map((circuit) => ('until' in circuit ? circuit.until : 0)));
    expect(untils.size).toBe(1);
  });

  it('ends in a disabled endpoint, without a route, after five days of nothing but failure', async () => {
    const schedule = Array(13).fill(12 * hour);
    const world = new OneDelivery({
      retryConfig: { strategy: 'custom', schedule },
      circuitBreaker,
      receiver: () => answered(500),
    });
    accept(world.plant, [world.endpointId]);
    await world.run(4.9 * day);
    expect(world.status).toBe('active');
    await world.run(9 * day);
    expect(world.status).toBe('disabled');
    expect(world.announced).toContain('failing_for_5_days');
    expect((world.requests.at(-1)?.at ?? 0) - start).toBeGreaterThanOrEqual(5 * day);
    expect(world.isRouted).toBe(false);
    expect(world.item?.state).toMatchObject({ status: 'cancelled', reason: 'endpoint_disabled' });
  });

  it('does not end in a disabled endpoint because of one event', async () => {
    const schedule = Array(13).fill(12 * hour);
    const receiver = () => answered(500);
    const world = new OneDelivery({
      retryConfig: { strategy: 'custom', schedule },
      circuitBreaker,
      receiver,
    });
    await world.run();
    expect((world.requests.at(-1)?.at ?? 0) - start).toBeGreaterThan(5 * day);
    expect(world.status).toBe('active');
    expect(world.item?.state).toMatchObject({ status: 'dead', reason: 'exhausted' });
  });

  it('counts its five days anew after an answer', async () => {
    const schedule = Array(13).fill(12 * hour);
    const world = new OneDelivery({
      retryConfig: { strategy: 'custom', schedule, retryableStatuses: [404, '5xx'] },
      circuitBreaker,
      receiver: (n) => answered(n === 5 ? 404 : 500),
    });
    accept(world.plant, [world.endpointId]);
    await world.run();
    expect(world.status).toBe('active');
    expect(world.item?.state).toMatchObject({ status: 'dead', reason: 'exhausted' });
  });

  it('ends a delivery that it or a pause holds for 14 days', async () => {
    const world = new OneDelivery({ retryConfig, circuitBreaker, receiver: failing(0) });
    world.pause();
    await world.run(14 * day - hour);
    expect(world.item?.state).toMatchObject({ status: 'held', heldFor: 'paused' });
    await world.run(15 * day);
    expect(world.item?.state).toMatchObject({ status: 'cancelled', reason: 'expired' });
    expect(world.announced).toEqual(['delivery.cancelled']);
    expect(world.requests).toHaveLength(0);
  });

  it('is reset by a resume, which releases the delivery at once', async () => {
    const world = new OneDelivery({ retryConfig, circuitBreaker, receiver: failing(1) });
    await world.run(2 * minute);
    world.pause();
    await world.run(3 * minute);
    expect(world.item?.state).toMatchObject({ status: 'held', heldFor: 'circuit' });
    world.resume();
    await world.run(4 * minute);
    expect(world.item).toMatchObject({ attemptCount: 2, state: { status: 'succeeded' } });
  });
});

describe('a circuit whose functions crash', () => {
  it('survives a crash at every single step', async () => {
    for (const failures of [1, 2]) {
      for (let crash = 1; crash <= 90; crash += 1) {
        const crashAt = (step: number) => step === crash;
        const world = new OneDelivery({ retryConfig, circuitBreaker, receiver: failing(failures), crashAt });
        await world.run();
        const text = `crash at step ${crash} with ${failures} failures`;
        expect(world.item?.state.status, text).toBe('succeeded');
      }
    }
  });

  it('settles its delivery whatever crashes, fails, repeats and is paused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { maxLength: 10 }),
        fc.array(fc.constantFrom(200, 404, 429, 500, 503), { maxLength: 12 }),
        fc.boolean(),
        fc.boolean(),
        async (crashes, answers, repeated, paused) => {
          const world = new OneDelivery({
            retryConfig,
            circuitBreaker,
            receiver: (n) => answered(answers[n - 1] ?? 200),
            crashAt: (step) => crashes.includes(step),
          });
          if (repeated) world.duplicate();
          if (paused) {
            world.pause();
            await world.run(7 * minute);
            world.resume();
          }
          await world.run(20 * day);
          expect(world.item && isSettled(world.item.state)).toBe(true);
          expect(world.item?.state.status).not.toBe('cancelled');
        },
      ),
      { numRuns: 300 },
    );
  });
});
