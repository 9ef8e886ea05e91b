import { describe, expect, it } from 'vitest';
import type { CircuitBreakerConfig } from '#core/circuit/circuit.ts';
import { accept, addEndpoint } from './plant/people.ts';
import { hour, minute, Plant, second, start } from './plant/plant.ts';
import { answered } from './plant/receivers.ts';

// Due again just when the circuit becomes half open.
const wait = { strategy: 'fixed', baseDelay: minute, maxDelay: minute, jitter: false } as const;
const retryConfig = { maxAttempts: 50, ...wait };
const circuitBreaker = { enabled: true, threshold: 5, timeout: minute };

/** An endpoint whose receiver answers 500 to some events, and 200 to all others. */
class Receiving {
  readonly plant = new Plant();
  private readonly endpointId: string;
  private readonly bad = new Set<string>();

  constructor(breaker: Partial<CircuitBreakerConfig> = {}) {
    const { plant } = this;
    this.endpointId = addEndpoint(plant, { retryConfig, circuitBreaker: { ...circuitBreaker, ...breaker } });
    plant.receiver = (_, { eventId }) => answered(this.bad.has(eventId) ? 500 : 200);
  }

  post(what: 'good' | 'bad'): string {
    const id = accept(this.plant, [this.endpointId]);
    if (what === 'bad') this.bad.add(id);
    return id;
  }

  run(until: number): Promise<void> {
    return this.plant.run(start + until);
  }

  statusOf(eventId: string) {
    return this.plant.tables.deliveries.all().find((one) => one.eventId === eventId)?.state.status;
  }

  get record() {
    return this.plant.tables.endpoints.get(this.endpointId)?.record;
  }

  get opened(): number {
    return this.plant.announced.filter(({ type }) => type === 'circuit.opened').length;
  }
}

describe('promise 14: one bad event does not stop an endpoint', () => {
  it('whose retries alone do not open the circuit', async () => {
    const receiving = new Receiving();
    receiving.post('bad');
    for (let n = 0; n < 20; n += 1) {
      await receiving.run(n * minute + 30 * second);
      if (n < 10) continue;
      const good = receiving.post('good');
      await receiving.run(n * minute + 31 * second);
      expect(receiving.statusOf(good)).toBe('succeeded');
    }
    expect(receiving.opened).toBe(0);
  });

  it('which opened the circuit: the first probe is another delivery, and the rest follows it', async () => {
    const receiving = new Receiving({ threshold: 1 });
    const bad = receiving.post('bad');
    await receiving.run(second);
    expect(receiving.record?.circuit?.state).toBe('open');
    const good = Array.from({ length: 15 }, () => receiving.post('good'));
    await receiving.run(10 * minute);
    const [first, probe] = receiving.plant.requests.map(({ eventId }) => eventId);
    expect([first, probe]).toEqual([bad, good.toSorted()[0]]);
    expect(new Set(good.map((id) => receiving.statusOf(id)))).toEqual(new Set(['succeeded']));
  });

  it('and several do not either: each probe that failed is followed by one of another delivery', async () => {
    const receiving = new Receiving({ threshold: 3 });
    const bad = Array.from({ length: 4 }, () => receiving.post('bad'));
    await receiving.run(second);
    expect(receiving.record?.circuit?.state).toBe('open');
    const { plant } = receiving;
    const before = plant.requests.length;
    await receiving.run(2 * hour);
    const probes = plant.requests.slice(before).map(({ eventId }) => eventId);
    expect(probes.length).toBeGreaterThan(4);
    expect(new Set(probes.slice(0, 4))).toEqual(new Set(bad));
    for (const [index, eventId] of probes.entries()) expect(eventId).not.toBe(probes[index - 1]);
    // A new delivery is the next probe.
    const good = receiving.post('good');
    await receiving.run(4 * hour);
    expect(receiving.statusOf(good)).toBe('succeeded');
  });
});
