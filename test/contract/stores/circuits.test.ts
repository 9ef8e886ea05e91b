import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Circuit, cleanCircuit } from '#core/circuit/circuit.ts';
import { type CircuitDecision, type CircuitFact, decideCircuit } from '#core/circuit/decide-circuit.ts';
import { transition } from '#core/concurrency/transition.ts';
import { failingCircuit, openCircuit } from '#test/support/circuits.ts';
import { anEndpoint } from '#test/support/config-fixtures.ts';
import { deployedOn, engines } from '#test/support/store-engines.ts';

const rules = { enabled: true, threshold: 2, timeout: 2 };

const probeId = fc.constantFrom('a', 'b');
const fact: fc.Arbitrary<CircuitFact> = fc.oneof(
  fc.record({
    kind: fc.constant('attempted' as const),
    health: fc.constantFrom('failure' as const, 'failure' as const, 'alive' as const, 'neutral' as const),
    epoch: fc.constantFrom(0, 0, 1),
    startedAt: fc.integer({ min: 1, max: 12 }),
    otherFailure: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
    probeId: fc.option(probeId, { nil: undefined }),
    aliveAt: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('probe_requested' as const),
    probe: fc.record({ id: probeId, until: fc.integer({ min: 1, max: 20 }) }),
  }),
);
const failed: CircuitFact = { kind: 'attempted', health: 'failure', epoch: 0, startedAt: 1 };
const asked: CircuitFact = { kind: 'probe_requested', probe: { id: 'a', until: 9 } };
/** Counts, forgets, opens, leases, releases, opens again and closes. */
const walk: [CircuitFact, number][] = [
  [failed, 1],
  [{ ...failed, health: 'alive' }, 2],
  [failed, 2],
  [{ ...failed, aliveAt: 2 }, 3],
  [failed, 3],
  [asked, 5],
  [{ ...failed, health: 'neutral', probeId: 'a' }, 5],
  [asked, 5],
  [{ ...failed, probeId: 'a' }, 6],
  [asked, 10],
  [{ kind: 'probe_requested', probe: { id: 'b', until: 20 } }, 10],
  [{ ...failed, health: 'alive', probeId: 'b' }, 11],
];

describe.each(engines)('a stored circuit in $name', (engine) => {
  const at = deployedOn(engine);
  const create = (id: string) => at.endpoints.create(anEndpoint({ id }));
  const load = async (id = 'ep_1'): Promise<Circuit> =>
    (await at.reader.load(id, { consistent: true }))?.circuit ?? cleanCircuit;

  it('is read as it was decided', async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fact, fc.integer({ min: 1, max: 12 })), {
          minLength: 10,
          maxLength: 40,
          size: 'max',
        }),
        async (facts) => {
          const id = `ep_${made++}`;
          await create(id);
          let circuit: Circuit = cleanCircuit;
          for (const [one, now] of facts) {
            const { store } = decideCircuit(circuit, one, rules, now);
            if (store) expect(await at.circuits.store(id, store)).toBe('stored');
            circuit = store ?? circuit;
            expect(await load(id)).toEqual(circuit);
          }
        },
      ),
      { numRuns: 20, examples: [[walk]] },
    );
  });

  it('is stored for one of 50 that decided on the same revision, and the others get what stands', async () => {
    await create('ep_1');
    const puts = Array.from({ length: 50 }, (_, n) => failingCircuit({ failingSince: n }));
    const results = await Promise.all(puts.map((put) => at.circuits.store('ep_1', put)));
    const standing = await load();
    expect(results.filter((result) => result === 'stored')).toHaveLength(1);
    for (const result of results) if (result !== 'stored') expect(result).toEqual({ standing });
    expect(await at.circuits.store('ep_1', failingCircuit({ revision: 3 }))).toEqual({ standing });
    expect(await load()).toEqual(standing);
  });

  it('gives one of 50 the lease', async () => {
    await create('ep_1');
    const open = openCircuit();
    await at.circuits.store('ep_1', open);
    const lease = (n: number) =>
      transition<Circuit, CircuitDecision>(
        'the circuit',
        open,
        (circuit = open) => {
          const probe = { id: `probe-${n}`, until: 9 };
          return decideCircuit(circuit, { kind: 'probe_requested', probe }, rules, 4);
        },
        (next) => at.circuits.store('ep_1', next),
      );
    const all = await Promise.all(Array.from({ length: 50 }, (_, n) => lease(n)));
    const taken = all.flatMap(({ decision }) => decision.store ?? []);
    expect(taken).toEqual([await load()]);
  });

  it('is none of a deleted endpoint’s', async () => {
    expect(await at.circuits.store('ep_none', failingCircuit())).toEqual({ standing: undefined });
    expect(await at.circuits.reset('ep_none', 0)).toBeUndefined();
    expect(await at.reader.load('ep_none', { consistent: true })).toBeUndefined();
  });

  it('is closed by a reset, into the next epoch', async () => {
    await create('ep_1');
    const open = openCircuit();
    await at.circuits.store('ep_1', open);
    expect(await at.circuits.reset('ep_1', 0)).toEqual(open);
    const closed = { state: 'closed', revision: 2, epoch: 1, since: at.now, failures: 0 } as const;
    expect(await load()).toEqual(closed);
    const failing = { ...closed, revision: 3, failures: 1, failingSince: 4 };
    expect(await at.circuits.store('ep_1', failing)).toBe('stored');
    expect(await at.circuits.reset('ep_1', 1)).toEqual(failing);
    expect(await load()).toEqual({ ...closed, revision: 4, epoch: 2 });
  });

  it('is left alone by a reset of an epoch that is over', async () => {
    await create('ep_1');
    const newer = failingCircuit({ epoch: 1, since: 2 });
    await at.circuits.store('ep_1', newer);
    expect(await at.circuits.reset('ep_1', 0)).toBeUndefined();
    expect(await load()).toEqual(newer);
  });

  it('is closed once by 20 resets at a time, whatever is recorded meanwhile', async () => {
    await create('ep_1');
    await at.circuits.store('ep_1', failingCircuit());
    const [resets] = await Promise.all([
      Promise.all(Array.from({ length: 20 }, () => at.circuits.reset('ep_1', 0))),
      ...Array.from({ length: 20 }, (_, n) =>
        at.circuits.store('ep_1', n === 0 ? openCircuit({ revision: 2 }) : failingCircuit({ revision: 2 })),
      ),
    ]);
    expect(resets.filter((closed) => closed !== undefined)).toHaveLength(1);
    expect(await load()).toMatchObject({ state: 'closed', epoch: 1, since: at.now, failures: 0 });
  });
});
