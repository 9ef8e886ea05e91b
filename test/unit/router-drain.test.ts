import { describe, expect, it } from 'vitest';
import { releaseFirstHeld } from '../../lambdas/control/release-held.ts';
import type { Delivery } from '../../lambdas/core/delivery/delivery.ts';
import { deliveryOf, movedTo, noon } from '../support/deliveries.ts';

/** Deliveries of one endpoint in memory; shard 3 lists them all. */
function world(deliveries: readonly Delivery[]) {
  const items = new Map(deliveries.map((delivery) => [delivery.eventId, delivery]));
  const woken: string[] = [];
  return {
    items,
    woken,
    ports: {
      now: () => noon,
      held: async (_: string, shard: number, { limit }: { limit: number }) => ({
        items: shard === 3 ? [...items.values()].slice(0, limit) : [],
      }),
      deliveries: {
        get: async (_: string, eventId: string) => items.get(eventId),
        store: async (next: Delivery) => {
          items.set(next.eventId, next);
          return 'stored' as const;
        },
      },
      wake: async (delivery: Delivery) => void woken.push(delivery.eventId),
    },
  };
}

const held = (heldFor: 'paused' | 'circuit') =>
  movedTo(deliveryOf(), { status: 'held', heldFor, since: noon });

describe('what a resume releases at once', () => {
  it('is what the pause held, and nothing that waits for something else', async () => {
    const [paused, circuit] = [held('paused'), held('circuit')];
    const { ports, items, woken } = world([paused, circuit]);
    expect(await releaseFirstHeld('ep_1', ports)).toBe(1);
    expect(woken).toEqual([paused.eventId]);
    expect(items.get(paused.eventId)?.state.status).toBe('queued');
    expect(items.get(circuit.eventId)).toEqual(circuit);
  });

  it('is a bounded amount, since the answer waits for it', async () => {
    const { ports, woken } = world(Array.from({ length: 50 }, () => held('paused')));
    await releaseFirstHeld('ep_1', ports);
    expect(woken).toHaveLength(10);
  });
});
