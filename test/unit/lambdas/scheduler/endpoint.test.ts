import { describe, expect, it } from 'vitest';
import type { Circuit } from '#core/circuit/circuit.ts';
import type { DeliveryState } from '#core/delivery/delivery.ts';
import { tick } from '#lambdas/scheduler/tick.ts';
import { attemptOf } from '#test/support/deliveries.ts';
import { active, delivery, minute, now, open, paused, watching, world } from './world.ts';

describe('an endpoint that the scheduler looks at', () => {
  it('starts the drain of what was held, and ends only after an empty scan five minutes later', async () => {
    const resumed = world([delivery('a', paused)], [watching(now - 6 * minute)]);
    await tick(resumed.ports);
    expect([resumed.steps, resumed.woken, resumed.cleared]).toEqual([[0], [], []]);

    const over = world([], [watching(now - 6 * minute)]);
    await tick(over.ports);
    expect(over.cleared).toEqual([watching(now - 6 * minute)]);

    const early = world([], [watching(now - minute)]);
    await tick(early.ports);
    expect(early.cleared).toEqual([]);

    const closed: Circuit = { state: 'closed', revision: 2, epoch: 1, since: now - minute, failures: 0 };
    const justClosed = world([], [watching(now - 6 * minute)], { ...active, circuit: closed });
    await tick(justClosed.ports);
    expect(justClosed.cleared).toEqual([]);
  });

  it('continues a drain at the step where it stopped', async () => {
    const progress = { cause: active.state.since, step: 3, size: 40, at: now - minute, last: 'a' };
    const cut = world([delivery('b', paused)], [{ ...watching(now - 9 * minute), drain: progress }]);
    await tick(cut.ports);
    expect(cut.steps).toEqual([3]);
  });

  it('leaves what a paused endpoint holds, and keeps its entry', async () => {
    const state = { status: 'paused', since: now - minute } as const;
    const again = world([delivery('a', paused)], [watching(now - minute)], { state });
    expect(await tick(again.ports)).toEqual({ released: 0 });
    expect([again.steps, again.cleared]).toEqual([[], []]);
  });

  it('ends what a pause has held for 14 days, and nothing younger', async () => {
    const day = 24 * 60 * minute;
    const state = { status: 'paused', since: now - 15 * day } as const;
    const heldFor = (days: number) => ({ ...paused, since: now - days * day });
    const aged = (id: string, days: number) => ({
      ...delivery(id, heldFor(days)),
      createdAt: now - days * day,
    });
    const long = world([aged('old', 14), aged('young', 13)], [watching(now - 15 * day)], { state });
    await tick(long.ports);
    // Announced before it is cancelled, so that a crash in between repeats the announcement and never loses it.
    expect(long.expired).toEqual(['old while held']);
    expect(long.items.get('old')?.state).toEqual({ status: 'cancelled', settledAt: now, reason: 'expired' });
    expect(long.items.get('young')?.state.status).toBe('held');
  });

  it('makes another one the probe when the oldest cannot be read', async () => {
    const circuit: DeliveryState = { status: 'held', heldFor: 'circuit', since: now - minute };
    const all = [{ ...delivery('a', circuit), createdAt: now - 5 * minute }, delivery('b', circuit)];
    const halfOpen = world(all, [watching(now - minute)], { ...active, circuit: open });
    const { get } = halfOpen.ports.deliveries;
    const unreadable = async (endpointId: string, eventId: string) => {
      if (eventId === 'a') throw new Error('a delivery that a later release wrote');
      return get(endpointId, eventId);
    };
    await tick({ ...halfOpen.ports, deliveries: { ...halfOpen.ports.deliveries, get: unreadable } });
    expect(halfOpen.woken.map(({ eventId }) => eventId)).toEqual(['b']);
  });

  it('releases the oldest delivery as the probe when the circuit allows it', async () => {
    const held = (id: string, age: number) => ({ ...delivery(id, heldForCircuit), createdAt: now - age });
    const heldForCircuit: DeliveryState = { status: 'held', heldFor: 'circuit', since: now - minute };
    const all = [held('evt_2', 20), held('evt_1', 30), held('evt_3', 10)];
    const due = world(all, [watching(now - minute)], { ...active, circuit: open });
    expect(await tick(due.ports)).toEqual({ released: 1 });
    expect(due.woken).toEqual([{ eventId: 'evt_1', delay: 0 }]);

    const early = world(all, [watching(now - minute)], { ...active, circuit: { ...open, until: now + 1 } });
    const probe = { id: 'p', until: now + 1 };
    const probing = world(all, [watching(now - minute)], { ...active, circuit: { ...open, probe } });
    for (const other of [early, probing]) {
      expect(await tick(other.ports)).toEqual({ released: 0 });
      expect(other.cleared).toEqual([]);
    }
  });

  it('prefers a new delivery as the probe to all the old ones that failed', async () => {
    const circuit: DeliveryState = { status: 'held', heldFor: 'circuit', since: now - minute };
    const attempts = [attemptOf({ startedAt: now - minute, success: false, statusCode: 500 })];
    const failed = Array.from({ length: 30 }, (_, n) => ({
      ...delivery(`evt_${10 + n}`, circuit),
      ...{ createdAt: now - 60 * minute + n, attempts },
    }));
    const fresh = { ...delivery('evt_99', circuit), createdAt: now };
    const halfOpen = world([...failed, fresh], [watching(now - minute)], { ...active, circuit: open });
    await tick(halfOpen.ports);
    expect(halfOpen.woken).toEqual([{ eventId: 'evt_99', delay: 0 }]);
    expect(halfOpen.items.get('evt_99')?.state).toMatchObject({ status: 'queued', isProbe: true });
  });

  it('deletes the route of a disabled endpoint and releases what it held, for deliver to cancel', async () => {
    const state = { status: 'disabled', reason: '410_gone', since: now - 6 * minute } as const;
    const gone = world([delivery('a', paused)], [watching(now - 6 * minute)], { state });
    expect(await tick(gone.ports)).toEqual({ released: 1 });
    expect(gone.unrouted).toEqual(['ep']);
    expect(gone.cleared).toEqual([]);
    await tick(gone.ports);
    expect(gone.cleared).toHaveLength(1);
  });

  it('announces once what a crash prevented from being announced', async () => {
    const opened = { ...active, circuit: open };
    const cut = world([], [watching(now - minute)], opened);
    await tick(cut.ports);
    expect(cut.announced).toEqual(['circuit.opened:ep:0']);
    const known = world([], [{ ...watching(now - minute), announced: 'circuit.opened:ep:0' }], opened);
    await tick(known.ports);
    expect(known.announced).toEqual([]);
  });

  it('keeps the entry of an endpoint whose announcement fails', async () => {
    const state = { status: 'disabled', reason: '410_gone', since: now - 6 * minute } as const;
    const gone = world([], [watching(now - 6 * minute)], { state });
    await tick({ ...gone.ports, announce: () => Promise.reject(new Error('the bus is away')) });
    expect([gone.cleared, gone.trouble]).toEqual([[], ['endpoint ep']]);
    expect(gone.unrouted).toEqual(['ep']);
    await tick(gone.ports);
    expect(gone.announced).toEqual([`endpoint.disabled:ep:${state.since}`]);
    expect(gone.cleared).toHaveLength(1);
  });
});
