import { describe, expect, it } from 'vitest';
import type { DeliveryState } from '#core/delivery/delivery.ts';
import { watchdogShards } from '#core/delivery/watchdog.ts';
import { type TickPorts, tick } from '#lambdas/scheduler/tick.ts';
import { delivery, minute, now, world } from './world.ts';

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

  it('wakes a delivery again whose message should have been handled long ago', async () => {
    const lost = world([
      delivery('lost', { status: 'queued', dueAt: now - 16 * minute }),
      delivery('crashed', { status: 'attempting', claimId: 'c', until: now - 16 * minute }),
      delivery('fine', { status: 'queued', dueAt: now - minute }),
    ]);
    await tick(lost.ports);
    expect(lost.woken.map(({ eventId }) => eventId).toSorted()).toEqual(['crashed', 'lost']);
  });

  it('releases what is due behind deliveries that cannot be read or queued', async () => {
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

  it('releases what is due behind a last delivery of a page that cannot be read', async () => {
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

  it('stops after a page when the queue refuses everything', async () => {
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

  it('leaves what the queue refuses to the next tick', async () => {
    const refusing = world([delivery('a', { status: 'held', heldFor: 'backoff', since: 0, dueAt: now })]);
    const away: TickPorts = { ...refusing.ports, wake: () => Promise.reject(new Error('the queue is away')) };
    expect(await tick(away)).toEqual({ released: 0 });
    expect(refusing.items.get('a')?.state).toMatchObject({ status: 'held', dueAt: now });
    expect(await tick(refusing.ports)).toEqual({ released: 1 });
    expect(refusing.woken).toEqual([{ eventId: 'a', delay: 0 }]);
  });

  it('continues with the other parts when one fails', async () => {
    const failing = world(
      [delivery('a', { status: 'held', heldFor: 'backoff', since: 0, dueAt: now })],
      [{ kind: 'routes', applicationId: 'app', version: 9, changes: 200, since: now }],
    );
    const due: TickPorts['due'] = async (shard, until) => {
      if (shard === 3) throw new Error('throttled');
      return failing.ports.due(shard, until);
    };
    await tick({ ...failing.ports, due });
    expect(failing.trouble).toEqual(['DUE#3']);
    expect(failing.packed).toEqual(['app']);
    expect(watchdogShards).toBeGreaterThan(3);
  });
});
