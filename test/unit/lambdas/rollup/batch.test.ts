import { describe, expect, it } from 'vitest';
import type { StreamChange, StreamRecord } from '#adapters/dynamodb/statistics/stream-record.ts';
import type { RollupKey } from '#core/statistics/contribution.ts';
import { newRollup, type Rollup } from '#core/statistics/rollup.ts';
import { type RollupPorts, rollUp } from '#lambdas/rollup/batch.ts';
import { attemptOf, deliveryOf, noon } from '#test/support/deliveries.ts';

const keyText = (key: RollupKey) => JSON.stringify(key);

/** Roll-ups in memory; `before` may come between a read and a write, or break it. */
function world(
  before: (key: RollupKey, store: (key: RollupKey, next: Rollup) => void) => void = () => undefined,
) {
  const rollups = new Map<string, Rollup>();
  const unreadable: string[] = [];
  const failed: RollupKey[] = [];
  let writes = 0;
  const put = (key: RollupKey, next: Rollup) => void rollups.set(keyText(key), next);
  const getMany = async (keys: readonly RollupKey[]) =>
    keys.map((key) => rollups.get(keyText(key)) ?? newRollup);
  const ports: RollupPorts = {
    getMany,
    store: async (key, next) => {
      before(key, put);
      const standing = rollups.get(keyText(key)) ?? newRollup;
      if (standing.revision + 1 !== next.revision) return false;
      writes += 1;
      put(key, next);
      return true;
    },
    hasTime: () => true,
    now: () => noon,
    pause: async () => undefined,
    random: () => 0.5,
    onUnreadable: ({ sequenceNumber }) => void unreadable.push(sequenceNumber),
    onFailed: (key) => void failed.push(key),
  };
  const of = (endpointId: string) =>
    rollups.get(keyText({ subject: { kind: 'endpoint', endpointId }, span: 'total' }))?.counters;
  return { ports, unreadable, failed, of, writes: () => writes };
}

let numbered = 0;
const recordOf = (decode: () => StreamChange): StreamRecord => {
  numbered += 1;
  return { sequenceNumber: String(numbered), fingerprint: String(numbered).padStart(8, '0'), decode };
};
const success = (endpointId: string) =>
  recordOf(() => ({
    kind: 'delivery',
    before: undefined,
    after: deliveryOf({
      endpointId,
      attempts: [attemptOf()],
      state: { status: 'succeeded', settledAt: noon },
    }),
  }));

describe('a batch of changes', () => {
  it('is one write for each roll-up, however many changes it holds', async () => {
    const { ports, of, writes } = world();
    const records = Array.from({ length: 50 }, () => success('ep_1'));

    expect(await rollUp(records, ports)).toBeUndefined();
    expect(of('ep_1')).toMatchObject({ attempts: 50, settled: { succeeded: 50 } });
    // The endpoint's hour and total, and the application's hour.
    expect(writes()).toBe(3);
  });

  it('is counted once when it comes again after a crash, whole or in two parts', async () => {
    let crash = true;
    const { ports, of } = world(({ subject }) => {
      if (crash && subject.kind === 'application') throw new Error('away');
    });
    const records = [success('ep_1'), success('ep_2'), success('ep_1'), success('ep_3')];

    expect(await rollUp(records, ports)).toBe(records[0]?.sequenceNumber);
    crash = false;
    expect(await rollUp(records.slice(0, 2), ports)).toBeUndefined();
    expect(await rollUp(records.slice(2), ports)).toBeUndefined();
    expect(await rollUp(records, ports)).toBeUndefined();

    expect(['ep_1', 'ep_2', 'ep_3'].map((id) => of(id)?.attempts)).toEqual([2, 1, 1]);
  });

  it('comes again from the first change that was not counted', async () => {
    const { ports, failed } = world(({ subject }) => {
      if (subject.kind === 'application') return;
      if (subject.endpointId === 'ep_2') throw new Error('away');
    });
    const { onFailed } = ports;
    const records = [success('ep_1'), success('ep_2'), success('ep_1')];

    expect(await rollUp(records, { ...ports, onFailed })).toBe(records[1]?.sequenceNumber);
    expect(failed.map(({ span }) => span)).toEqual(['total', noon]);
  });

  it('counts what there is time for, and comes again with the rest', async () => {
    const { ports, of, failed } = world();
    const records = Array.from({ length: 100 }, (_, n) => success(`ep_${n}`));
    let asked = 0;
    const hasTime = () => {
      asked += 1;
      return asked < 2;
    };

    let rest: readonly StreamRecord[] = records;
    let invocations = 0;
    for (; rest.length > 0 && invocations < 100; invocations += 1) {
      asked = 0;
      const from = await rollUp(rest, { ...ports, hasTime });
      const index = rest.findIndex(({ sequenceNumber }) => sequenceNumber === from);
      expect(index).not.toBe(0);
      rest = index < 0 ? [] : rest.slice(index);
    }

    expect(invocations).toBeGreaterThan(2);
    expect(records.map((_, n) => of(`ep_${n}`)?.attempts)).toEqual(records.map(() => 1));
    expect(of('ep_0')?.attempts).toBe(1);
    expect(failed).toEqual([]);
  });

  it('adds to what another shard wrote at the same time', async () => {
    let others = 3;
    const { ports, of } = world((key, store) => {
      if (key.span !== 'total' || others === 0) return;
      others -= 1;
      store(key, { ...newRollup, counters: { ...newRollup.counters, attempts: 10 }, revision: 4 - others });
    });

    expect(await rollUp([success('ep_1')], ports)).toBeUndefined();
    expect(of('ep_1')?.attempts).toBe(11);
  });

  it('comes again when other shards never stop writing', async () => {
    let revision = 0;
    const { ports, failed } = world((key, store) => {
      revision += 1;
      store(key, { ...newRollup, revision });
    });
    const records = [success('ep_1')];

    expect(await rollUp(records, ports)).toBe(records[0]?.sequenceNumber);
    expect(failed).toHaveLength(3);
  });

  it('leaves out what cannot be read, and counts the rest', async () => {
    const { ports, unreadable, of } = world();
    const poisoned = recordOf(() => {
      throw new Error('no delivery');
    });

    expect(await rollUp([success('ep_1'), poisoned, success('ep_1')], ports)).toBeUndefined();
    expect(unreadable).toEqual([poisoned.sequenceNumber]);
    expect(of('ep_1')?.attempts).toBe(2);
  });
});
