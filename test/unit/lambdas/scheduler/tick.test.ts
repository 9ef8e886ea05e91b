import { describe, expect, it } from 'vitest';
import type { Circuit } from '#core/circuit/circuit.ts';
import { attentionOf, attentionShards } from '#core/delivery/attention.ts';
import { type Delivery, type DeliveryState, newDelivery } from '#core/delivery/delivery.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { lifecycleId } from '#core/lifecycle/lifecycle-event.ts';
import { shouldPack } from '#lambdas/scheduler/packing.ts';
import { type AttentionEntry, type TickPorts, tick } from '#lambdas/scheduler/tick.ts';
import { anEndpoint } from '#test/support/config-fixtures.ts';

const now = Date.UTC(2026, 0, 1);
const minute = 60_000;

const delivery = (eventId: string, state: DeliveryState): Delivery => ({
  ...newDelivery({ applicationId: 'app', endpointId: 'ep', eventId, priority: 'normal' }, now - minute),
  revision: 1,
  state,
});

function world(
  all: readonly Delivery[],
  entries: readonly AttentionEntry[] = [],
  endpoint: Partial<EndpointRecord> & Pick<EndpointRecord, 'state'> = active,
) {
  const items = new Map(all.map((one) => [one.eventId, one]));
  const woken: { readonly eventId: string; readonly delay: number }[] = [];
  const cleared: AttentionEntry[] = [];
  const packed: string[] = [];
  const trouble: string[] = [];
  const steps: number[] = [];
  const unrouted: string[] = [];
  const expired: string[] = [];
  const announced: string[] = [];
  const under = (key: string, until = Infinity) =>
    [...items.values()].filter((one) => {
      const attention = attentionOf(one);
      return attention?.key === key && attention.at <= until;
    });
  const ports: TickPorts = {
    now: () => now,
    random: Math.random,
    hasTime: () => true,
    deliveries: {
      get: async (_, eventId) => items.get(eventId),
      store: async (next) => {
        items.set(next.eventId, next);
        return 'stored';
      },
    },
    wake: async ({ eventId }, _, delay) => {
      woken.push({ eventId, delay });
    },
    due: async (shard, until) => ({ items: under(`DUE#${shard}`, until) }),
    held: async (endpointId, shard, { limit, until } = {}) => ({
      items: under(`HELD#${endpointId}#${shard}`, until)
        .toSorted((a, b) => a.createdAt - b.createdAt)
        .slice(0, limit),
    }),
    attention: {
      list: async () => entries,
      clear: async (entry) => {
        cleared.push(entry);
      },
    },
    endpoint: async () => ({ endpoint: anEndpoint({ id: 'ep', applicationId: 'app' }), ...endpoint }),
    unroute: async (record) => void unrouted.push(record.endpoint.id),
    drain: async (_, step) => void steps.push(step),
    expired: async ({ eventId }) => void expired.push(`${eventId} while ${items.get(eventId)?.state.status}`),
    announce: async (event) => void announced.push(lifecycleId(event)),
    pack: async ({ applicationId }) => {
      packed.push(applicationId);
      return true;
    },
    purge: async () => true,
    onError: (part) => trouble.push(part),
  };
  return { ports, items, woken, cleared, packed, trouble, steps, unrouted, expired, announced };
}

const active = { state: { status: 'active', since: now - 10 * minute } } as const;
const watching = (since: number): AttentionEntry & { readonly kind: 'endpoint' } => ({
  kind: 'endpoint',
  applicationId: 'app',
  endpointId: 'ep',
  since,
});
const open: Circuit = {
  state: 'open',
  epoch: 0,
  since: now - minute,
  failures: 5,
  failingSince: now - 2 * minute,
  until: now,
  reopenings: 0,
};
const paused: DeliveryState = { status: 'held', heldFor: 'paused', since: now - minute };

describe('a tick of the scheduler', () => {
  it('releases what is due within 90 s, with what remains as the delay', async () => {
    const due = world([
      delivery('over', { status: 'held', heldFor: 'backoff', since: 0, dueAt: now - 1 }),
      delivery('soon', { status: 'held', heldFor: 'scheduled', since: 0, dueAt: now + 89_000 }),
      delivery('later', { status: 'held', heldFor: 'backoff', since: 0, dueAt: now + 91_000 }),
    ]);
    expect(await tick(due.ports)).toEqual({ released: 2 });
    expect(due.woken.toSorted((a, b) => a.delay - b.delay)).toEqual([
      { eventId: 'over', delay: 0 },
      { eventId: 'soon', delay: 89_000 },
    ]);
    expect(due.items.get('later')?.state.status).toBe('held');
  });

  it('wakes again what should long have been handled', async () => {
    const lost = world([
      delivery('lost', { status: 'queued', dueAt: now - 16 * minute }),
      delivery('crashed', { status: 'attempting', claimId: 'c', until: now - 16 * minute }),
      delivery('fine', { status: 'queued', dueAt: now - minute }),
    ]);
    await tick(lost.ports);
    expect(lost.woken.map(({ eventId }) => eventId).toSorted()).toEqual(['crashed', 'lost']);
  });

  it('is not kept from what is due by deliveries before it that cannot be read or queued', async () => {
    const due = world([delivery('fine', { status: 'held', heldFor: 'backoff', since: 0, dueAt: now - 1 })]);
    const pages = [
      ['unreadable', 'other'],
      ['unreadable', 'fine'],
    ];
    const ports: TickPorts = {
      ...due.ports,
      deliveries: {
        ...due.ports.deliveries,
        get: async (_, eventId) => {
          if (eventId === 'unreadable') throw new Error('a delivery that a later release wrote');
          return due.items.get(eventId);
        },
      },
      due: async (shard, _, after = '0') => {
        const names = shard === 0 ? (pages[Number(after)] ?? []) : [];
        const items = names.map((eventId) => ({ endpointId: 'ep', eventId }));
        return Number(after) + 1 < pages.length ? { items, next: String(Number(after) + 1) } : { items };
      },
    };
    await tick(ports);
    expect(due.woken).toEqual([{ eventId: 'fine', delay: 0 }]);
    expect(due.trouble).toEqual(['DUE#0']);
  });

  it('is not kept from what is due by a last delivery of a page that cannot be read', async () => {
    const due: DeliveryState = { status: 'held', heldFor: 'backoff', since: 0, dueAt: now - 1 };
    const all = Array.from({ length: 102 }, (_, n) => delivery(`event ${n}`, due));
    const { ports, woken } = world(all);
    const { deliveries } = ports;
    await tick({
      ...ports,
      deliveries: {
        ...deliveries,
        get: async (endpointId, eventId) => {
          if (eventId === 'event 100') throw new Error('a delivery that a later release wrote');
          return deliveries.get(endpointId, eventId);
        },
      },
      due: async (shard, _, after) => {
        if (shard !== 0) return { items: [] };
        return after === undefined ? { items: all.slice(0, 101), next: 'more' } : { items: all.slice(101) };
      },
    });
    expect(woken).toHaveLength(101);
  });

  it('leaves a queue that takes nothing alone after a page', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const due = world(
      names.map((name) => delivery(name, { status: 'held', heldFor: 'backoff', since: 0, dueAt: now - 1 })),
    );
    const tried: string[] = [];
    const ports: TickPorts = {
      ...due.ports,
      wake: async ({ eventId }) => {
        tried.push(eventId);
        throw new Error('the queue refused it');
      },
      due: async (shard, _, after) => ({
        items:
          shard === 0
            ? (after ? ['c', 'd'] : ['a', 'b']).map((eventId) => ({ endpointId: 'ep', eventId }))
            : [],
        ...(after ? {} : { next: 'b' }),
      }),
    };
    expect(await tick(ports)).toEqual({ released: 0 });
    expect(tried).toEqual(['a', 'b']);
    expect(due.trouble).toEqual(['DUE#0']);
    expect(due.items.get('a')?.state.status).toBe('held');
  });

  it('trusts the item and not a stale index', async () => {
    const stale = world([delivery('done', { status: 'succeeded', settledAt: now })]);
    const ports = { ...stale.ports, due: async () => ({ items: [{ endpointId: 'ep', eventId: 'done' }] }) };
    expect(await tick(ports)).toEqual({ released: 0 });
    expect(stale.woken).toEqual([]);
  });

  it('begins the drain of what was held, and ends only after an empty pass five minutes later', async () => {
    const resumed = world([delivery('a', paused)], [watching(now - 6 * minute)]);
    await tick(resumed.ports);
    expect([resumed.steps, resumed.woken, resumed.cleared]).toEqual([[0], [], []]);

    const over = world([], [watching(now - 6 * minute)]);
    await tick(over.ports);
    expect(over.cleared).toEqual([watching(now - 6 * minute)]);

    const early = world([], [watching(now - minute)]);
    await tick(early.ports);
    expect(early.cleared).toEqual([]);

    const closed: Circuit = { state: 'closed', epoch: 1, since: now - minute, failures: 0 };
    const justClosed = world([], [watching(now - 6 * minute)], { ...active, circuit: closed });
    await tick(justClosed.ports);
    expect(justClosed.cleared).toEqual([]);
  });

  it('takes a drain up again at the step where it stopped', async () => {
    const progress = { cause: active.state.since, step: 3, size: 40, at: now - minute, last: 'a' };
    const cut = world([delivery('b', paused)], [{ ...watching(now - 9 * minute), drain: progress }]);
    await tick(cut.ports);
    expect(cut.steps).toEqual([3]);
  });

  it('leaves what a paused endpoint holds, and stays with it', async () => {
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
    // Told before it ends, so that a crash in between tells it twice and never not at all.
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

  it('lets one delivery go as the probe of a circuit whose time has come: the oldest', async () => {
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

  it('takes away the route of a disabled endpoint and lets what it held come to its end', async () => {
    const state = { status: 'disabled', reason: '410_gone', since: now - 6 * minute } as const;
    const gone = world([delivery('a', paused)], [watching(now - 6 * minute)], { state });
    expect(await tick(gone.ports)).toEqual({ released: 1 });
    expect(gone.unrouted).toEqual(['ep']);
    expect(gone.cleared).toEqual([]);
    await tick(gone.ports);
    expect(gone.cleared).toHaveLength(1);
  });

  it('announces what a crash kept from being announced, and nothing twice', async () => {
    const opened = { ...active, circuit: open };
    const cut = world([], [watching(now - minute)], opened);
    await tick(cut.ports);
    expect(cut.announced).toEqual(['circuit.opened:ep:0']);
    const known = world([], [{ ...watching(now - minute), announced: 'circuit.opened:ep:0' }], opened);
    await tick(known.ports);
    expect(known.announced).toEqual([]);
  });

  it('keeps looking after an endpoint whose announcement fails', async () => {
    const state = { status: 'disabled', reason: '410_gone', since: now - 6 * minute } as const;
    const gone = world([], [watching(now - 6 * minute)], { state });
    await tick({ ...gone.ports, announce: () => Promise.reject(new Error('the bus is away')) });
    expect([gone.cleared, gone.trouble]).toEqual([[], ['endpoint ep']]);
    expect(gone.unrouted).toEqual(['ep']);
    await tick(gone.ports);
    expect(gone.announced).toEqual([`endpoint.disabled:ep:${state.since}`]);
    expect(gone.cleared).toHaveLength(1);
  });

  it('leaves to the next tick what the queue refuses', async () => {
    const refusing = world([delivery('a', { status: 'held', heldFor: 'backoff', since: 0, dueAt: now })]);
    const away: TickPorts = { ...refusing.ports, wake: () => Promise.reject(new Error('the queue is away')) };
    expect(await tick(away)).toEqual({ released: 0 });
    expect(refusing.items.get('a')?.state).toMatchObject({ status: 'held', dueAt: now });
    expect(await tick(refusing.ports)).toEqual({ released: 1 });
    expect(refusing.woken).toEqual([{ eventId: 'a', delay: 0 }]);
  });

  it('goes on with the rest when one part fails', async () => {
    const failing = world(
      [delivery('a', { status: 'held', heldFor: 'backoff', since: 0, dueAt: now })],
      [{ kind: 'routes', applicationId: 'app', changes: 200, since: now }],
    );
    const due: TickPorts['due'] = async (shard, until) => {
      if (shard === 3) throw new Error('throttled');
      return failing.ports.due(shard, until);
    };
    await tick({ ...failing.ports, due });
    expect(failing.trouble).toEqual(['DUE#3']);
    expect(failing.packed).toEqual(['app']);
    expect(attentionShards).toBeGreaterThan(3);
  });
});

describe('more than one tick has time for', () => {
  const due: DeliveryState = { status: 'held', heldFor: 'backoff', since: 0, dueAt: now };
  const ofEndpoint = (n: number) => ({ ...delivery(`event ${n}`, due), endpointId: 'flooded' });
  const ofEvent = (n: number) => ({ ...delivery('wide', due), endpointId: `endpoint ${n}` });

  it.each([
    ['an endpoint that is flooded', ofEndpoint],
    ['an event for many endpoints', ofEvent],
  ])('of %s keeps nobody else waiting', async (_, flood) => {
    const { ports } = world([]);
    const other = { ...delivery('of another', due), endpointId: 'other' };
    const items = [...Array.from({ length: 1_000 }, (_, n) => flood(n)), other];
    let handled = 0;
    const released: string[] = [];
    await tick({
      ...ports,
      // Time for a tenth of them.
      hasTime: () => handled < 100,
      due: async (shard) => ({ items: shard === 0 ? items : [] }),
      deliveries: {
        get: async (endpointId, eventId) => {
          handled += 1;
          return items.find((one) => one.endpointId === endpointId && one.eventId === eventId);
        },
        store: async () => 'stored',
      },
      wake: async ({ endpointId }) => void released.push(endpointId),
    });
    expect(released).toHaveLength(100);
    expect(released).toContain('other');
  });
  const routesOf = (n: number): AttentionEntry => ({
    ...{ kind: 'routes', applicationId: `app-${n}`, changes: 200, since: now },
  });

  it('does not keep others from their turn, however much a few entries have to do', async () => {
    const { ports, packed } = world([], [], { state: { status: 'disabled', since: now } });
    const whales = Array.from({ length: 30 }, (_, n) => ({ ...watching(now), endpointId: `whale-${n}` }));
    const others = Array.from({ length: 30 }, (_, n) => routesOf(n));
    // Ten milliseconds for each delivery, of which each whale has more than the tick can end.
    let clock = now;
    const ended = new Map<string, number>();
    await tick({
      ...ports,
      now: () => clock,
      // Whales first.
      random: () => 0,
      hasTime: () => clock < now + 45_000 * 8,
      attention: { ...ports.attention, list: async () => [...whales, ...others] },
      held: async (endpointId) => ({
        items: Array.from({ length: 100 }, (_, n) => ({ endpointId, eventId: `event ${n}` })),
        next: 'more',
      }),
      deliveries: {
        get: async (endpointId, eventId) => {
          clock += 10;
          ended.set(endpointId, (ended.get(endpointId) ?? 0) + 1);
          return { ...delivery(eventId, paused), endpointId };
        },
        store: async () => 'stored',
      },
      wake: async () => undefined,
    });
    expect(packed).toHaveLength(others.length);
    // And they went on behind the others.
    expect(Math.min(...whales.map(({ endpointId }) => ended.get(endpointId) ?? 0))).toBeGreaterThan(300);
  });

  it('gives up waiting for the packing of others when its turn is over, and comes back behind the rest', async () => {
    const { ports, cleared } = world([]);
    const entries = [routesOf(0), routesOf(1)];
    let clock = now;
    const begun: string[] = [];
    await tick({
      ...ports,
      now: () => clock,
      random: () => 0,
      hasTime: () => clock < now + 45_000,
      attention: { ...ports.attention, list: async () => entries },
      // The second one waited for the first, for longer than a turn.
      pack: async ({ applicationId }, hasTime) => {
        if (applicationId === 'app-1' && begun.length === 1) clock += 3_000;
        begun.push(applicationId);
        return hasTime();
      },
    });
    expect(begun).toEqual(['app-0', 'app-1', 'app-1']);
    expect(cleared).toEqual(entries);
  });

  it('has what happened to its endpoint announced once, however many turns it takes', async () => {
    const state = { status: 'disabled', reason: '410_gone', since: now - minute } as const;
    const { ports, announced } = world([], [], { state });
    let clock = now;
    let turns = 0;
    await tick({
      ...ports,
      now: () => clock,
      hasTime: () => clock < now + 45_000,
      attention: { ...ports.attention, list: async () => [watching(now - minute)] },
      unroute: async () => {
        turns += 1;
      },
      held: async () => {
        clock += 500;
        return { items: [], next: 'more' };
      },
    });
    expect(turns).toBeGreaterThan(5);
    expect(announced).toEqual([`endpoint.disabled:ep:${state.since}`]);
  });

  it('gets its turn in a later one, whatever stays at the front', async () => {
    // Fifty circuits that stay open for long, and fifty applications with changes; time for a fifth of them.
    const staying = Array.from({ length: 50 }, (_, n) => ({ ...watching(now), endpointId: `ep-${n}` }));
    let left = [...staying, ...Array.from({ length: 50 }, (_, n) => routesOf(n))];
    const seen = new Set<string>();
    for (let ticks = 0; ticks < 60; ticks += 1) {
      const { ports } = world([], left, { ...active, circuit: { ...open, until: now + minute } });
      let started = 0;
      await tick({
        ...ports,
        hasTime: () => {
          started += 1;
          return started <= 20;
        },
        endpoint: async (id) => {
          seen.add(id);
          return ports.endpoint(id);
        },
        attention: {
          list: async () => left,
          clear: async (entry) => {
            left = left.filter((one) => one !== entry);
          },
        },
      });
    }
    expect(seen.size).toBe(staying.length);
    expect(left).toEqual(staying);
  });

  it('is worked on a few at a time', async () => {
    const entries = Array.from({ length: 100 }, (_, n) => routesOf(n));
    const { ports, packed } = world([], entries);
    let running = 0;
    let most = 0;
    await tick({
      ...ports,
      pack: async (entry, hasTime) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return ports.pack(entry, hasTime);
      },
    });
    expect(packed).toHaveLength(100);
    expect(most).toBe(8);
  });
});

describe('packing an application’s routes', () => {
  it.each([
    ['few and fresh', { changes: 99, since: now - minute }, false],
    ['a hundred', { changes: 100, since: now }, true],
    ['one, ten minutes old', { changes: 1, since: now - 10 * minute }, true],
  ])('%s', (_, unpacked, expected) => {
    expect(shouldPack(unpacked, now)).toBe(expected);
  });
});
