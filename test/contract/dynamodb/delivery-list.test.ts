import { beforeEach, describe, expect, it } from 'vitest';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { apiStatus, apiStatuses } from '#core/delivery/api-status.ts';
import type { Delivery, DeliveryState } from '#core/delivery/delivery.ts';
import { deliveryOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';
import { useDatabase } from '#test/support/dynamodb.ts';
import { allPages } from '#test/support/pages.ts';

const database = useDatabase();
let deliveries: ReturnType<typeof createDeliveryStore>;

beforeEach(async () => {
  const tableName = await database.eventTable();
  deliveries = createDeliveryStore({
    client: database.client,
    tableName,
    now: () => noon,
    retentionDays: 30,
  });
});

async function storeAll(all: readonly Delivery[]): Promise<readonly Delivery[]> {
  await Promise.all(all.map((delivery) => deliveries.store(delivery)));
  return all;
}

const byText = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

describe('the deliveries of an endpoint', () => {
  const endpointId = idsAt(noon).endpoint();
  const states: DeliveryState[] = [
    { status: 'queued', dueAt: noon },
    { status: 'attempting', claimId: 'c', until: noon },
    { status: 'held', heldFor: 'backoff', since: noon, dueAt: noon },
    { status: 'succeeded', settledAt: noon },
    { status: 'dead', settledAt: noon, reason: 'refused' },
    { status: 'cancelled', settledAt: noon, reason: 'expired' },
  ];
  let stored: readonly Delivery[];

  beforeEach(async () => {
    stored = await storeAll(
      Array.from({ length: 90 }, (_, index) => {
        const delivery = { ...deliveryOf({ createdAt: noon + index }), endpointId };
        const state = states[index % states.length] ?? { status: 'queued', dueAt: noon };
        return movedTo(delivery, state, { attemptCount: index % 4 });
      }),
    );
  });

  const newestFirst = (wanted: (delivery: Delivery) => boolean) =>
    stored.filter(wanted).toSorted((a, b) => (a.eventId < b.eventId ? 1 : -1));

  it.each([1, 8, 100])('come newest first, %i to a page', async (limit) => {
    const all = await allPages((after) => deliveries.listByEndpoint(endpointId, { after, limit }), limit);
    expect(all).toEqual(newestFirst(() => true));
  });

  it.each(apiStatuses)('are selected by status: %s', async (status) => {
    const all = await allPages(
      (after) => deliveries.listByEndpoint(endpointId, { status, after, limit: 5 }),
      5,
    );
    expect(all).toEqual(newestFirst((delivery) => apiStatus(delivery) === status));
    expect(all.length).toBeGreaterThan(0);
  });

  it('refuse a position that no page gave out', async () => {
    await expect(deliveries.listByEndpoint(endpointId, { limit: 5, after: '5' })).rejects.toThrow(RangeError);
  });
});

describe('the dead deliveries of an application', () => {
  it('come with those that died last first, however many died at once', async () => {
    const applicationId = 'graveyard';
    const { endpointId } = deliveryOf();
    const dead = await storeAll(
      Array.from({ length: 150 }, (_, index) => {
        const delivery = { ...deliveryOf(), applicationId };
        return movedTo(index % 3 === 0 ? { ...delivery, endpointId } : delivery, {
          status: 'dead',
          // A hundred died in one millisecond.
          settledAt: noon + Math.max(100, index),
          reason: 'exhausted',
        });
      }),
    );
    const died = (delivery: Delivery) => ('settledAt' in delivery.state ? delivery.state.settledAt : 0);
    for (const limit of [3, 40, 200]) {
      const all = await allPages((after) => deliveries.dead(applicationId, { after, limit }), limit);
      expect(all.map(died)).toEqual(dead.map(died).toSorted((a, b) => b - a));
      expect(all.toSorted(byText)).toEqual([...dead].toSorted(byText));
    }
    const ofOne = await allPages(
      (after) => deliveries.dead(applicationId, { endpointId, after, limit: 7 }),
      7,
    );
    expect(ofOne.toSorted(byText)).toEqual(
      dead.filter((delivery) => delivery.endpointId === endpointId).toSorted(byText),
    );
    expect(await deliveries.dead('meadow', { limit: 5 })).toEqual({ items: [] });
  });

  it('no longer list what was redriven', async () => {
    const applicationId = 'second-chance';
    const dead = movedTo(
      { ...deliveryOf(), applicationId },
      { status: 'dead', settledAt: noon, reason: 'refused' },
    );
    await deliveries.store(dead);
    expect((await deliveries.dead(applicationId, { limit: 5 })).items).toEqual([dead]);
    await deliveries.store(
      movedTo(dead, { status: 'queued', dueAt: noon }, { generation: 2, attemptCount: 0 }),
    );
    expect((await deliveries.dead(applicationId, { limit: 5 })).items).toEqual([]);
  });

  it('refuse a position that no page gave out', async () => {
    await expect(deliveries.dead('meadow', { limit: 5, after: 'x' })).rejects.toThrow(RangeError);
  });
});
