import { describe, expect, it } from 'vitest';
import type { AttentionEntry } from '#core/delivery/attention-entry.ts';
import type { DeliveryState } from '#core/delivery/delivery.ts';
import { tick } from '#lambdas/scheduler/tick.ts';
import { active, delivery, minute, now, open, paused, watching, world } from './world.ts';

describe('more work than one tick has time for', () => {
  const due: DeliveryState = { status: 'held', heldFor: 'backoff', since: 0, dueAt: now };
  const ofEndpoint = (n: number) => ({ ...delivery(`event ${n}`, due), endpointId: 'flooded' });
  const ofEvent = (n: number) => ({ ...delivery('wide', due), endpointId: `endpoint ${n}` });

  it.each([
    ['an endpoint that is flooded', ofEndpoint],
    ['an event for many endpoints', ofEvent],
  ])('of %s does not delay the deliveries of others', async (_, flood) => {
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
    ...{ kind: 'routes', applicationId: `app-${n}`, version: 9, changes: 200, since: now },
  });

  it('does not keep other entries waiting, however much a few have to do', async () => {
    const { ports, packed } = world([], [], { state: { status: 'disabled', since: now } });
    const whales = Array.from({ length: 30 }, (_, n) => ({ ...watching(now), endpointId: `whale-${n}` }));
    const others = Array.from({ length: 30 }, (_, n) => routesOf(n));
    // Ten milliseconds for each delivery; each whale has more than the tick can release.
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
    // The whales continued behind the others.
    expect(Math.min(...whales.map(({ endpointId }) => ended.get(endpointId) ?? 0))).toBeGreaterThan(300);
  });

  it('goes behind the other entries when its time slice ends while it waits to be packed', async () => {
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
      // The second one waited for the first longer than a time slice.
      pack: async ({ applicationId }, hasTime) => {
        if (applicationId === 'app-1' && begun.length === 1) clock += 3_000;
        begun.push(applicationId);
        return hasTime();
      },
    });
    expect(begun).toEqual(['app-0', 'app-1', 'app-1']);
    expect(cleared).toEqual(entries);
  });

  it('publishes each lifecycle event once, however many time slices an endpoint takes', async () => {
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

  it('is reached by a later tick, whichever entries stay', async () => {
    // Fifty circuits that stay open, and fifty applications with changes; time for a fifth of them.
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

  it('is done for a few entries at a time', async () => {
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
