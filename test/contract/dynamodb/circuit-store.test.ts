import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { applyChange } from '#core/circuit/apply.ts';
import type { CircuitChange } from '#core/circuit/change.ts';
import { type Circuit, cleanCircuit } from '#core/circuit/circuit.ts';
import { anApplication, anEndpoint } from '#test/support/config-fixtures.ts';
import { useDatabase } from '#test/support/dynamodb.ts';

const database = useDatabase();
let table: ConfigTable;

beforeEach(async () => {
  const { client } = database;
  table = { client, tableName: await database.configTable(), now: () => 1_000, random: Math.random };
  await createApplicationStore(table).create(anApplication());
});

const create = (id: string) => createEndpointStore(table).create(anEndpoint({ id }));
const circuitOf = async (id: string): Promise<Circuit> =>
  (await createEndpointReader(table).load(id, { consistent: true }))?.circuit ?? cleanCircuit;
const count = (at: number): CircuitChange => ({ kind: 'count', epoch: 0, at });

const small = fc.integer({ min: 1, max: 4 });
const probeId = fc.constantFrom('a', 'b');
const common = { epoch: fc.constantFrom(0, 0, 1), at: small };
const change: fc.Arbitrary<CircuitChange> = fc.oneof(
  fc.record({ kind: fc.constant('count' as const), ...common }),
  fc.record({ kind: fc.constant('count' as const), ...common, aliveAt: small }),
  fc.record({ kind: fc.constant('restart' as const), ...common, failingSince: small }),
  fc.record({ kind: fc.constant('clear' as const), ...common, failingSince: small }),
  fc.record({ kind: fc.constant('open' as const), ...common, until: small }),
  fc.record({
    kind: fc.constant('lease' as const),
    ...common,
    openUntil: small,
    probe: fc.record({ id: probeId, until: small }),
  }),
  fc.record({ kind: fc.constant('close' as const), ...common, probeId }),
  fc.record({ kind: fc.constant('reopen' as const), ...common, probeId, until: small }),
  fc.record({ kind: fc.constant('give-back' as const), ...common, probeId }),
);

/** Every kind of change, each of which holds. */
const walk: CircuitChange[] = [
  { kind: 'count', epoch: 0, at: 1 },
  { kind: 'restart', epoch: 0, at: 3, failingSince: 1 },
  { kind: 'clear', epoch: 0, failingSince: 3 },
  { kind: 'count', epoch: 0, at: 4, aliveAt: 3 },
  { kind: 'open', epoch: 0, at: 4, until: 5 },
  { kind: 'lease', epoch: 0, openUntil: 5, at: 5, probe: { id: 'a', until: 6 } },
  { kind: 'give-back', epoch: 0, probeId: 'a' },
  { kind: 'lease', epoch: 0, openUntil: 5, at: 5, probe: { id: 'a', until: 6 } },
  { kind: 'reopen', epoch: 0, probeId: 'a', until: 9 },
  { kind: 'lease', epoch: 0, openUntil: 9, at: 9, probe: { id: 'b', until: 10 } },
  { kind: 'lease', epoch: 0, openUntil: 9, at: 10, probe: { id: 'a', until: 11 } },
  { kind: 'close', epoch: 0, probeId: 'a', at: 10 },
];

describe('a stored circuit', () => {
  it('changes exactly as the rules say, each change in one write', async () => {
    const circuits = createCircuitStore(table);
    let made = 0;
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 10, maxLength: 40, size: 'max' }), async (changes) => {
        const id = `ep_${made++}`;
        await create(id);
        let expected: Circuit = cleanCircuit;
        for (const one of changes) {
          const next = applyChange(expected, one);
          if (next) seen.add(one.kind);
          expected = next ?? expected;
          expect(await circuits.apply(id, one)).toEqual({ applied: next !== undefined, circuit: expected });
        }
        expect(await circuitOf(id)).toEqual(expected);
      }),
      { numRuns: 40, examples: [[walk]] },
    );
    expect([...seen].toSorted()).toEqual(
      ['clear', 'close', 'count', 'give-back', 'lease', 'open', 'reopen', 'restart'].toSorted(),
    );
  });

  it('counts every one of 50 concurrent failures', async () => {
    await create('ep_1');
    const circuits = createCircuitStore(table);
    await Promise.all(Array.from({ length: 50 }, (_, n) => circuits.apply('ep_1', count(n))));
    expect((await circuitOf('ep_1')).failures).toBe(50);
  });

  it('gives one of 50 the lease', async () => {
    await create('ep_1');
    const circuits = createCircuitStore(table);
    await circuits.apply('ep_1', count(1));
    await circuits.apply('ep_1', { kind: 'open', epoch: 0, at: 2, until: 3 });
    const leases = Array.from({ length: 50 }, (_, n) =>
      circuits.apply('ep_1', {
        kind: 'lease',
        epoch: 0,
        openUntil: 3,
        at: 4,
        probe: { id: `probe-${n}`, until: 9 },
      }),
    );
    const taken = (await Promise.all(leases)).filter((result) => result?.applied);
    expect(taken).toHaveLength(1);
    expect(await circuitOf('ep_1')).toEqual(taken[0]?.circuit);
  });

  it('is none of a deleted endpoint’s', async () => {
    const circuits = createCircuitStore(table);
    expect(await circuits.apply('ep_none', count(1))).toBeUndefined();
    expect(await circuits.reset('ep_none', 0)).toBeUndefined();
    expect(await createEndpointReader(table).load('ep_none', { consistent: true })).toBeUndefined();
  });

  it('does not come between an edit and what it read', async () => {
    await create('ep_1');
    const circuits = createCircuitStore(table);
    await createEndpointStore(table).update('acme', 'ep_1', ({ endpoint, state }) => ({
      endpoint: { ...endpoint, name: 'edited' },
      state,
    }));
    await circuits.apply('ep_1', count(5));
    const record = await createEndpointStore(table).get('acme', 'ep_1');
    expect(record).toMatchObject({
      endpoint: { name: 'edited' },
      circuit: { failures: 1, failingSince: 5 },
    });
  });

  it('is closed by a reset, into the next epoch', async () => {
    await create('ep_1');
    const circuits = createCircuitStore(table);
    await circuits.apply('ep_1', count(1));
    await circuits.apply('ep_1', { kind: 'open', epoch: 0, at: 2, until: 3 });
    const before = await circuitOf('ep_1');
    expect(await circuits.reset('ep_1', 0)).toEqual(before);
    expect(await circuitOf('ep_1')).toEqual({ state: 'closed', epoch: 1, since: 1_000, failures: 0 });
    await circuits.apply('ep_1', { kind: 'count', epoch: 1, at: 4 });
    expect(await circuits.reset('ep_1', 1)).toMatchObject({ failures: 1, failingSince: 4 });
    expect(await circuitOf('ep_1')).toEqual({ state: 'closed', epoch: 2, since: 1_000, failures: 0 });
  });

  it('is left alone by a reset of an epoch that is over', async () => {
    await create('ep_1');
    const circuits = createCircuitStore(table);
    for (const one of walk) await circuits.apply('ep_1', one);
    await circuits.apply('ep_1', { kind: 'count', epoch: 1, at: 20 });
    const newer = await circuitOf('ep_1');
    expect(newer).toMatchObject({ epoch: 1, failures: 1 });
    expect(await circuits.reset('ep_1', 0)).toBeUndefined();
    expect(await circuitOf('ep_1')).toEqual(newer);
  });

  it('is closed once by 20 resets at a time, whatever is recorded meanwhile', async () => {
    await create('ep_1');
    const circuits = createCircuitStore(table);
    await circuits.apply('ep_1', count(1));
    const [resets] = await Promise.all([
      Promise.all(Array.from({ length: 20 }, () => circuits.reset('ep_1', 0))),
      circuits.apply('ep_1', { kind: 'open', epoch: 0, at: 2, until: 3 }),
      ...Array.from({ length: 20 }, (_, n) => circuits.apply('ep_1', count(n))),
    ]);
    expect(resets.filter((closed) => closed !== undefined)).toHaveLength(1);
    expect(await circuitOf('ep_1')).toEqual({ state: 'closed', epoch: 1, since: 1_000, failures: 0 });
  });

  it('goes to the epoch after the one that stands when its endpoint is resumed while it closes', async () => {
    await create('ep_1');
    const circuits = createCircuitStore(table);
    const endpoints = createEndpointStore(table);
    await endpoints.update('acme', 'ep_1', (record) => ({
      ...record,
      state: { status: 'paused', since: 7 },
    }));
    await circuits.apply('ep_1', count(1));
    await circuits.apply('ep_1', { kind: 'open', epoch: 0, at: 2, until: 3 });
    let isRead = false;
    table.client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'TransactWriteItemsCommand' && !isRead) {
          isRead = true;
          const probe = { id: 'a', until: 9 };
          await circuits.apply('ep_1', { kind: 'lease', epoch: 0, openUntil: 3, at: 4, probe });
          await circuits.apply('ep_1', { kind: 'close', epoch: 0, probeId: 'a', at: 5 });
        }
        return next(args);
      },
      { step: 'initialize', name: 'between' },
    );
    await endpoints.update('acme', 'ep_1', (record) => ({
      ...record,
      state: { status: 'active', since: 8 },
    }));
    table.client.middlewareStack.remove('between');
    expect(isRead).toBe(true);
    expect(await circuitOf('ep_1')).toEqual({ state: 'closed', epoch: 2, since: 1_000, failures: 0 });
  });

  it.each([
    ['resumed', 'paused'],
    ['enabled', 'disabled'],
  ] as const)('is forgotten when its endpoint is %s', async (_, status) => {
    await create('ep_1');
    const endpoints = createEndpointStore(table);
    const circuits = createCircuitStore(table);
    await circuits.apply('ep_1', count(1));
    for (const to of [status, 'active'] as const) {
      await endpoints.update('acme', 'ep_1', (record) => ({ ...record, state: { status: to, since: 7 } }));
      expect((await circuitOf('ep_1')).failures).toBe(to === 'active' ? 0 : 1);
    }
    expect((await circuitOf('ep_1')).epoch).toBe(1);
  });

  it('is forgotten when the breaker is switched off while it is open, and looked after', async () => {
    await create('ep_1');
    const circuits = createCircuitStore(table);
    await circuits.apply('ep_1', count(1));
    await circuits.apply('ep_1', { kind: 'open', epoch: 0, at: 2, until: 3 });
    await createEndpointStore(table).update('acme', 'ep_1', ({ endpoint, ...rest }) => ({
      ...rest,
      endpoint: { ...endpoint, circuitBreaker: { ...endpoint.circuitBreaker, enabled: false } },
    }));
    expect(await circuitOf('ep_1')).toMatchObject({ state: 'closed', epoch: 1 });
    expect(await createAttentionStore(table).watched('ep_1')).toBeDefined();
  });
});
