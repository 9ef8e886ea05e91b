import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Circuit, nextEpoch } from '#core/circuit/circuit.ts';
import { noon } from '#test/support/deliveries.ts';
import { Crowd } from './crowd.ts';
import { accept, addEndpoint } from './plant/people.ts';
import { Plant } from './plant/plant.ts';
import { answered } from './plant/receivers.ts';

const halfOpen: Circuit = {
  state: 'open',
  revision: 9,
  epoch: 0,
  since: noon - 60_000,
  failures: 5,
  failingSince: noon - 61_000,
  until: noon,
  reopenings: 0,
};

/** Milliseconds that differ from call to call, the same for the same seed. */
function paces(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % 4;
  };
}

const statusesOf = (crowd: Crowd) => crowd.items.map(({ state }) => state.status);
const count = (values: readonly string[], value: string) => values.filter((one) => one === value).length;

describe('promise 5: one probe, whatever the concurrency (50 invocations here)', () => {
  it('lets one request through, whatever comes first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(500, 200, 429), async (seed, statusCode) => {
        const crowd = new Crowd({
          deliveries: 50,
          now: noon,
          circuit: halfOpen,
          pace: paces(seed),
          answer: () => answered(statusCode),
        });
        await crowd.deliverAll();
        expect(crowd.requests).toHaveLength(1);
        expect(crowd.plant.receivers.mostInFlight).toBe(1);
        expect(count(statusesOf(crowd), 'held')).toBe(49);
        const attempts = crowd.items.reduce((sum, item) => sum + item.attemptCount, 0);
        expect(attempts).toBe(1);
      }),
      { numRuns: 30 },
    );
  });

  it('lets none through while it is open', async () => {
    const circuit = { ...halfOpen, until: noon + 60_000 };
    const answer = () => answered(200);
    const crowd = new Crowd({ deliveries: 50, now: noon, circuit, pace: paces(1), answer });
    await crowd.deliverAll();
    expect(crowd.requests).toHaveLength(0);
    expect(count(statusesOf(crowd), 'held')).toBe(50);
  });
});

describe('a probe whose lease was written slowly', () => {
  it('is not made, because another one could begin before its end', async () => {
    const plant = new Plant(noon);
    const endpointId = addEndpoint(plant, {
      circuitBreaker: { enabled: true, threshold: 5, timeout: 60_000 },
    });
    const row = plant.tables.endpoints.get(endpointId);
    if (row) plant.tables.endpoints.set(endpointId, { ...row, record: { ...row.record, circuit: halfOpen } });
    plant.atOnce = Number.POSITIVE_INFINITY;
    const times = [12_000];
    plant.callTime = ({ name }) => (name === 'circuits.store' ? (times.shift() ?? 1) : 1);
    plant.receiver = () => ({ ...answered(500), duration: 29_000 });
    accept(plant, [endpointId]);
    await plant.run(noon + 40_500);
    accept(plant, [endpointId]);
    await plant.run(noon + 60_000);
    expect(plant.receivers.mostInFlight).toBe(1);
    expect(plant.requests).toHaveLength(1);
    // The lease was given back, and taken again at once.
    expect((plant.requests[0]?.at ?? 0) - noon).toBeLessThan(20_000);
  });
});

describe('a hold that is stored just after its circuit closed', () => {
  const closed: Circuit = { state: 'closed', revision: 10, epoch: 1, since: noon, failures: 0 };
  it.each([
    ['that was read before', { ...halfOpen, until: noon + 1 }, closed],
    ['whose probe was to be made', halfOpen, closed],
    ['whose probe gave the lease back', { ...halfOpen, probe: { id: 'p', until: noon + 1 } }, halfOpen],
  ])('by a function %s is released by the function itself', async (_, stale, circuit) => {
    const answer = () => answered(200);
    const crowd = new Crowd({ deliveries: 1, now: noon, stale, circuit, pace: () => 0, answer });
    await crowd.deliverAll();
    expect(crowd.requests).toHaveLength(0);
    expect(statusesOf(crowd)).toEqual(['queued']);
    expect(crowd.plant.queues.of('retry')).toHaveLength(1);
  });
});

describe('a clean circuit and 50 concurrent failures', () => {
  it('opens once, whichever failure is counted first', async () => {
    const answer = () => answered(500);
    const crowd = new Crowd({ deliveries: 50, now: noon, pace: paces(7), answer });
    await crowd.deliverAll();
    expect(crowd.circuit).toMatchObject({ state: 'open', epoch: 0, reopenings: 0 });
    expect(crowd.announced).toEqual(['circuit.opened']);
  });
});

describe('a recovered endpoint', () => {
  const heldCrowd = async (deliveries: number, answer: (request: number) => ReturnType<typeof answered>) => {
    const circuit = { ...halfOpen, until: noon + 1 };
    const crowd = new Crowd({ deliveries, now: noon, circuit, pace: () => 0, answer });
    await crowd.deliverAll();
    await crowd.plant.wait(60_000);
    crowd.circuit = nextEpoch(crowd.circuit, crowd.plant.now);
    return crowd;
  };

  it('gets what was held oldest first, in steps of 10, 20, 40, …', async () => {
    const crowd = await heldCrowd(200, () => answered(200));
    await crowd.drain();
    expect(crowd.released.map(({ length }) => length)).toEqual([10, 20, 40, 80, 50]);
    expect(crowd.released.flat()).toEqual(crowd.all.map(({ eventId }) => eventId));
    expect(new Set(crowd.requests)).toEqual(new Set(crowd.all.map(({ eventId }) => eventId)));
  });

  it('that fails again gets no more', async () => {
    const crowd = await heldCrowd(200, (request) => answered(request <= 12 ? 200 : 500));
    await crowd.drain();
    expect(crowd.released.map(({ length }) => length)).toEqual([10, 20]);
    expect(crowd.circuit.state).toBe('open');
    expect(crowd.requests.length).toBe(30);
    expect(count(statusesOf(crowd), 'held')).toBe(170);
  });
});
