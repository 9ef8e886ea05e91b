import { describe, expect, it } from 'vitest';
import { attentionOf, attentionShards } from '../../lambdas/core/delivery/attention.ts';
import { type Delivery, type DeliveryState, newDelivery } from '../../lambdas/core/delivery/delivery.ts';
import type { EndpointStatus } from '../../lambdas/core/endpoint/endpoint.ts';
import { shouldPack } from '../../lambdas/scheduler/packing.ts';
import { type AttentionEntry, type TickPorts, tick } from '../../lambdas/scheduler/tick.ts';

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
  status: EndpointStatus = 'active',
) {
  const items = new Map(all.map((one) => [one.eventId, one]));
  const woken: { readonly eventId: string; readonly delay: number }[] = [];
  const cleared: AttentionEntry[] = [];
  const packed: string[] = [];
  const trouble: string[] = [];
  const under = (key: string, until = Infinity) =>
    [...items.values()].filter((one) => {
      const attention = attentionOf(one);
      return attention?.key === key && attention.at <= until;
    });
  const ports: TickPorts = {
    now: () => now,
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
    held: async (endpointId, shard) => ({ items: under(`HELD#${endpointId}#${shard}`) }),
    attention: {
      list: async () => entries,
      clear: async (entry) => {
        cleared.push(entry);
      },
    },
    endpoint: async () => ({ endpoint: undefinedEndpoint, state: { status, since: now } }),
    pack: async ({ applicationId }) => {
      packed.push(applicationId);
      return true;
    },
    troubled: (part) => trouble.push(part),
  };
  return { ports, items, woken, cleared, packed, trouble };
}

// The scheduler looks at an endpoint's state only.
const undefinedEndpoint = {} as never;
const drain = (since: number): AttentionEntry => ({
  kind: 'drain',
  applicationId: 'app',
  endpointId: 'ep',
  since,
});
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

  it('trusts the item and not a stale index', async () => {
    const stale = world([delivery('done', { status: 'succeeded', settledAt: now })]);
    const ports = { ...stale.ports, due: async () => ({ items: [{ endpointId: 'ep', eventId: 'done' }] }) };
    expect(await tick(ports)).toEqual({ released: 0 });
    expect(stale.woken).toEqual([]);
  });

  it('drains what a resumed endpoint held, and ends only after an empty pass five minutes later', async () => {
    const resumed = world([delivery('a', paused), delivery('b', paused)], [drain(now - 6 * minute)]);
    expect(await tick(resumed.ports)).toEqual({ released: 2 });
    expect(resumed.cleared).toEqual([]);
    expect(await tick(resumed.ports)).toEqual({ released: 0 });
    expect(resumed.cleared).toEqual([drain(now - 6 * minute)]);

    const early = world([], [drain(now - minute)]);
    await tick(early.ports);
    expect(early.cleared).toEqual([]);
  });

  it('leaves the holds of an endpoint that was paused again', async () => {
    const again = world([delivery('a', paused)], [drain(now - minute)], 'paused');
    expect(await tick(again.ports)).toEqual({ released: 0 });
    expect(again.cleared).toHaveLength(1);
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

describe('packing an application’s routes', () => {
  it.each([
    ['few and fresh', { changes: 99, since: now - minute }, false],
    ['a hundred', { changes: 100, since: now }, true],
    ['one, ten minutes old', { changes: 1, since: now - 10 * minute }, true],
  ])('%s', (_, unpacked, expected) => {
    expect(shouldPack(unpacked, now)).toBe(expected);
  });
});
