import { describe, expect, it } from 'vitest';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { WatchedEndpoint } from '#core/delivery/drain.ts';
import type { DrainMessage } from '#core/message/message.ts';
import { type DrainPorts, handleDrain } from '#lambdas/fan-out/drain.ts';
import { anEndpoint } from '#test/support/config-fixtures.ts';
import { deliveryOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';

const endpointId = idsAt(noon).endpoint();
const start: DrainMessage = { v: 1, kind: 'drain', applicationId: 'default', endpointId, step: 0 };
const errorDelay = 10_000;

/** An endpoint that was resumed just now, with deliveries that are held for it; those at `broken` cannot be read. */
function drained(
  count: number,
  broken: readonly number[],
  refuses: (eventId: string) => boolean = () => false,
) {
  const held = Array.from({ length: count }, (_, n) =>
    movedTo(deliveryOf({ endpointId, createdAt: noon - 60_000 + n }), {
      status: 'held',
      heldFor: 'paused',
      since: noon - 60_000,
    }),
  );
  const items = new Map(held.map((delivery) => [delivery.eventId, delivery]));
  const unreadable = new Set(broken.map((n) => held[n]?.eventId));
  const woken: string[] = [];
  const queue: { message: DrainMessage; at: number; receives: number }[] = [];
  const world = { now: noon, entry: { ...start, since: noon } as WatchedEndpoint };
  const ports: DrainPorts = {
    now: () => world.now,
    attention: {
      watched: async () => world.entry,
      takeStep: async (_, drain) => {
        world.entry = { ...world.entry, drain };
        return true;
      },
    },
    endpoint: async () => ({
      endpoint: anEndpoint({ id: endpointId }),
      state: { status: 'active', since: noon },
    }),
    held: async (_, shard, limit) => {
      // One shard is enough here.
      const all = shard === 0 ? [...items.values()].filter(({ state }) => state.status === 'held') : [];
      return { items: all.slice(0, limit), ...(all.length > limit ? { next: 'more' } : {}) };
    },
    deliveries: {
      get: async (_, eventId) => {
        if (unreadable.has(eventId)) throw new Error(`${eventId} cannot be read`);
        return items.get(eventId);
      },
      store: async (next: Delivery) => {
        items.set(next.eventId, next);
        return 'stored';
      },
    },
    wake: async (delivery) => {
      if (refuses(delivery.eventId)) throw new Error('the queue is away');
      woken.push(delivery.eventId);
      items.set(delivery.eventId, movedTo(delivery, { status: 'succeeded', settledAt: world.now }));
    },
    queueStep: async (message, delay) => void queue.push({ message, at: world.now + delay, receives: 0 }),
  };
  /** Handles one message after the other. One whose handling rejects comes again later. */
  async function run(until: number): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (;;) {
      queue.sort((a, b) => a.at - b.at);
      const next = queue[0];
      if (next === undefined || next.at > until) return errors;
      queue.shift();
      world.now = Math.max(world.now, next.at);
      try {
        await handleDrain(next.message, ports);
      } catch (error) {
        errors.push(error);
        const receives = next.receives + 1;
        queue.push({ ...next, receives, at: world.now + errorDelay * 2 ** receives });
      }
    }
  }
  const readable = held.filter(({ eventId }) => !unreadable.has(eventId)).map(({ eventId }) => eventId);
  return { ports, world, woken, queue, run, readable };
}

describe('a drain', () => {
  it('releases everything, oldest first, in steps', async () => {
    const { queue, run, woken, readable } = drained(300, []);
    queue.push({ message: start, at: noon, receives: 0 });
    expect(await run(noon + 60_000)).toEqual([]);
    expect(woken).toEqual(readable);
  });

  it('continues past deliveries that cannot be read, and rejects with their error', async () => {
    const { queue, run, woken, readable } = drained(300, [0, 4, 200]);
    queue.push({ message: start, at: noon, receives: 0 });
    const errors = await run(noon + 60_000);
    expect(errors.map(String).join()).toContain('cannot be read');
    expect(woken.toSorted()).toEqual(readable.toSorted());
  });

  it('stops waiting for an unreadable last delivery after some minutes', async () => {
    // The tenth is the newest of the first step.
    const { queue, run, woken, readable } = drained(300, [9]);
    queue.push({ message: start, at: noon, receives: 0 });
    await run(noon + 60_000);
    expect(woken).toHaveLength(9);
    await run(noon + 15 * 60_000);
    expect(woken).toEqual(readable);
  });

  it('queues no further step when nothing can be released', async () => {
    const { queue, run, woken } = drained(30, [], () => true);
    queue.push({ message: start, at: noon, receives: 0 });
    const errors = await run(noon + 10 * 60_000);
    expect(errors).toHaveLength(1);
    expect(woken).toEqual([]);
    expect(queue).toEqual([]);
  });
});
