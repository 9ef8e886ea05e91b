import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAliveMemory } from '#core/circuit/alive-memory.ts';
import {
  type Circuit,
  circuitState,
  cleanCircuit,
  isGivenUp,
  isProbing,
  type OpenCircuit,
} from '#core/circuit/circuit.ts';
import { circuitView } from '#core/circuit/circuit-view.ts';
import { type CircuitFact, decideCircuit, openFor } from '#core/circuit/decide-circuit.ts';
import { transition } from '#core/concurrency/transition.ts';
import { noon } from '#test/support/deliveries.ts';

const day = 24 * 60 * 60_000;
const hour = 60 * 60_000;
const rules = { enabled: true, threshold: 3, timeout: 60_000 };
const off = { ...rules, enabled: false };

type Attempted = Extract<CircuitFact, { kind: 'attempted' }>;

const attempted = (circuit: Circuit, outcome: Partial<Attempted>): Attempted => ({
  ...{ kind: 'attempted', health: 'failure', epoch: circuit.epoch, startedAt: noon, ...outcome },
});

/** Records an outcome as deliver does, without any race. */
const recorded = (circuit: Circuit, outcome: Partial<Attempted>, now: number, by = rules): Circuit =>
  decideCircuit(circuit, attempted(circuit, { startedAt: now, ...outcome }), by, now).store ?? circuit;

const failed = (times: number, by = rules): Circuit =>
  Array.from({ length: times }, (_, n) => noon + n).reduce<Circuit>(
    (circuit, now) => recorded(circuit, {}, now, by),
    cleanCircuit,
  );

const open = failed(3) as OpenCircuit;

function leased(circuit: OpenCircuit, id: string, now: number): OpenCircuit {
  const { store } = decideCircuit(
    circuit,
    { kind: 'probe_requested', probe: { id, until: now + 35_000 } },
    rules,
    now,
  );
  if (store?.state !== 'open') throw new Error('the lease was not free');
  return store;
}

describe('a closed circuit', () => {
  it('opens at the threshold and not before', () => {
    expect(failed(2)).toEqual({ state: 'closed', revision: 2, epoch: 0, failures: 2, failingSince: noon });
    expect(open).toMatchObject({ state: 'open', failures: 3, failingSince: noon, until: noon + 2 + 60_000 });
  });

  it('counts a delivery once, however often it fails', () => {
    const again = { startedAt: noon + 90, otherFailure: noon };
    expect(decideCircuit(failed(1), attempted(cleanCircuit, again), rules, noon + 99)).toEqual({});
    const other = { startedAt: noon + 90, otherFailure: noon - 1 };
    expect(recorded(failed(1), other, noon + 99)).toMatchObject({ failures: 2, failingSince: noon });
  });

  it('counts a delivery again that failed before the endpoint was last alive', () => {
    const alive = recorded(failed(2), { health: 'alive' }, noon + 9);
    const again = { startedAt: noon + 90, otherFailure: noon };
    expect(recorded(alive, again, noon + 99)).toMatchObject({ failures: 1, failingSince: noon + 90 });
    const seen = { ...again, aliveAt: noon + 5 };
    expect(recorded(failed(2), seen, noon + 99)).toMatchObject({ failures: 1, failingSince: noon + 90 });
  });

  it('counts no delivery twice whose attempts took longest', () => {
    // It began first and ended last.
    const late = recorded(failed(1), { startedAt: noon - 30_000 }, noon + 5);
    expect(late).toMatchObject({ failures: 2, failingSince: noon - 30_000 });
    expect(recorded(late, { startedAt: noon + 90, otherFailure: noon - 30_000 }, noon + 99)).toEqual(late);
  });

  it('forgets its failures with the first sign of life', () => {
    expect(recorded(failed(2), { health: 'alive' }, noon + 9)).toEqual({ ...cleanCircuit, revision: 3 });
  });

  it('is not written by a success while nothing is known against it', () => {
    expect(decideCircuit(cleanCircuit, attempted(cleanCircuit, { health: 'alive' }), rules, noon)).toEqual(
      {},
    );
  });

  it('is not moved by what says nothing', () => {
    expect(recorded(failed(2), { health: 'neutral' }, noon + 9)).toEqual(failed(2));
  });

  it('counts failures of many functions that had all seen it clean', async () => {
    let standing: Circuit = cleanCircuit;
    const counts = [1, 2, 3].map(() =>
      transition<Circuit, ReturnType<typeof decideCircuit>>(
        'the circuit',
        cleanCircuit,
        (circuit = cleanCircuit) => decideCircuit(circuit, attempted(cleanCircuit, {}), off, noon),
        async (next) => {
          if (standing.revision !== next.revision - 1) return { standing };
          standing = next;
          return 'stored';
        },
      ),
    );
    await Promise.all(counts);
    expect(standing.failures).toBe(3);
  });

  it('begins to count anew when the recording process saw a success after the first failure', () => {
    const seen = { aliveAt: noon + 5, startedAt: noon + 6 };
    const circuit = recorded(failed(2), seen, noon + 6);
    expect(circuit).toMatchObject({ failures: 1, failingSince: noon + 6 });
    // The failure was counted against a circuit that looked clean when the attempt began.
    expect(decideCircuit(failed(2), attempted(cleanCircuit, seen), rules, noon + 6).store).toEqual(circuit);
  });

  it('ignores outcomes of an older epoch', () => {
    const circuit: Circuit = {
      ...{ state: 'closed', revision: 9, epoch: 4, since: noon, failures: 1, failingSince: noon },
    };
    for (const health of ['alive', 'failure', 'neutral'] as const) {
      expect(decideCircuit(circuit, attempted(circuit, { health, epoch: 3 }), rules, noon)).toEqual({});
    }
  });

  it('without a breaker counts up to the threshold, never opens, and is given up all the same', () => {
    expect(failed(9, off)).toMatchObject({ state: 'closed', failures: 3 });
    const later = recorded(failed(9, off), {}, noon + 5 * day, off);
    expect(later.failures).toBe(4);
    expect(isGivenUp(later, off, noon + 5 * day)).toBe(true);
  });
});

describe('an endpoint of which nothing is known but failures', () => {
  const single = { ...rules, threshold: 1 };
  const later = noon + 6 * day;

  it.each([single, { ...single, enabled: false }])('is not given up for one event: %j', (by) => {
    const circuit = recorded(cleanCircuit, {}, noon, by);
    const probing = circuit.state === 'open' ? leased(circuit, 'mine', later) : circuit;
    const again = { startedAt: later, otherFailure: noon, probeId: 'mine' };
    expect(decideCircuit(probing, attempted(probing, again), by, later).event).toBeUndefined();
    const other = { startedAt: later, probeId: 'mine' };
    expect(decideCircuit(probing, attempted(probing, other), by, later)).toMatchObject({
      ...{ event: 'given_up', store: { failures: 2 } },
    });
  });
});

describe('an open circuit', () => {
  it('lets nothing through before its time, then one probe', () => {
    expect(circuitState(open, rules, open.until - 1)).toBe('wait');
    expect(circuitState(open, rules, open.until)).toBe('probe');
    const probing = leased(open, 'mine', open.until);
    expect(circuitState(probing, rules, open.until + 1)).toBe('wait');
    expect(circuitState(probing, rules, open.until + 35_000)).toBe('probe');
    expect(circuitState(probing, off, open.until)).toBe('go');
  });

  it('closes by the success of its probe: a new epoch, nothing known against the endpoint', () => {
    const closed = recorded(
      leased(open, 'mine', open.until),
      { health: 'alive', probeId: 'mine' },
      open.until + 9,
    );
    expect(closed).toEqual({
      ...{ state: 'closed', revision: 5, epoch: 1, since: open.until + 9, failures: 0 },
    });
  });

  it('opens again by the failure of its probe, for twice as long', () => {
    const again = recorded(leased(open, 'mine', open.until), { probeId: 'mine' }, open.until + 9);
    expect(again).toMatchObject({ state: 'open', reopenings: 1, until: open.until + 9 + 120_000 });
    expect(again).not.toHaveProperty('probe');
  });

  it('gives the lease back when its probe says nothing', () => {
    const outcome = { health: 'neutral', probeId: 'mine' } as const;
    const free = recorded(leased(open, 'mine', open.until), outcome, open.until + 9);
    expect(circuitState(free, rules, open.until + 10)).toBe('probe');
  });

  it('counts no outcome but that of the holder of the lease', () => {
    const probing = leased(open, 'mine', open.until);
    expect(recorded(probing, { health: 'alive' }, open.until)).toEqual(probing);
    expect(recorded(probing, { health: 'alive', probeId: 'yours' }, open.until)).toEqual(probing);
    const late = leased(probing, 'yours', open.until + 35_000);
    expect(recorded(late, { health: 'alive', probeId: 'mine' }, open.until + 35_001)).toEqual(late);
  });

  it.each([
    [0, 60_000],
    [1, 120_000],
    [5, 32 * 60_000],
    [6, hour],
    [500, hour],
  ])('after %i failed probes stays open for %i ms', (reopenings, expected) => {
    expect(openFor(rules, reopenings)).toBe(expected);
  });

  it('reads as half open from its time on', () => {
    expect(circuitView(open, open.until - 1)).toMatchObject({
      state: 'open',
      openUntil: new Date(open.until).toISOString(),
    });
    expect(circuitView(open, open.until)).toMatchObject({ state: 'half_open' });
    expect(circuitView(cleanCircuit, noon)).toEqual({ state: 'closed', failures: 0 });
  });
});

describe('any circuit', () => {
  type Step =
    | { readonly kind: 'pass'; readonly ms: number }
    | { readonly kind: 'begin' }
    | { readonly kind: 'end'; readonly which: number; readonly health: 'alive' | 'failure' | 'neutral' };
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(90_000) }),
    { arbitrary: fc.record({ kind: fc.constant('begin' as const) }), weight: 3 },
    {
      arbitrary: fc.record({
        kind: fc.constant('end' as const),
        which: fc.nat(),
        health: fc.constantFrom('alive' as const, 'failure' as const, 'failure' as const, 'neutral' as const),
      }),
      weight: 3,
    },
  );

  it('has at most one live probe, begins none early, and closes by no other', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        let circuit: Circuit = cleanCircuit;
        let now = noon;
        const running: { readonly epoch: number; readonly probeId?: string; readonly until: number }[] = [];
        for (const [number, one] of steps.entries()) {
          if (one.kind === 'pass') now += one.ms;
          if (one.kind === 'begin') {
            const admitted = circuitState(circuit, rules, now);
            if (admitted === 'go') running.push({ epoch: circuit.epoch, until: Infinity });
            if (admitted === 'probe' && circuit.state === 'open') {
              expect(now).toBeGreaterThanOrEqual(circuit.until);
              const probe = { id: `probe-${number}`, until: now + 35_000 };
              const asked = { kind: 'probe_requested', probe } as const;
              circuit = decideCircuit(circuit, asked, rules, now).store ?? circuit;
              running.push({ epoch: circuit.epoch, probeId: probe.id, until: probe.until });
            }
          }
          if (one.kind === 'end' && running.length > 0) {
            const [ended] = running.splice(one.which % running.length, 1);
            const before = circuit;
            const { epoch, probeId } = ended ?? { epoch: 0 };
            const by = probeId === undefined ? {} : { probeId };
            circuit = recorded(circuit, { health: one.health, epoch, ...by }, now);
            if (circuit.epoch > before.epoch) expect(probeId).toBeDefined();
          }
          expect(circuit.epoch).toBeGreaterThanOrEqual(0);
          const live = running.filter(({ probeId, until }) => probeId !== undefined && now < until);
          expect(live.length).toBeLessThanOrEqual(1);
          if (circuit.state === 'open' && isProbing(circuit, now)) expect(live.length).toBe(1);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the memory of who was alive', () => {
  it('keeps the latest and forgets whom it has not heard of for longest', () => {
    const memory = createAliveMemory(2);
    memory.sawAlive('a', 1);
    memory.sawAlive('b', 2);
    memory.sawAlive('a', 3);
    memory.sawAlive('c', 4);
    expect(['a', 'b', 'c'].map(memory.aliveAt)).toEqual([3, undefined, 4]);
  });
});
