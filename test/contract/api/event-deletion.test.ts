import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Delivery, DeliveryState } from '#core/delivery/delivery.ts';
import { pack } from '#core/event/compression.ts';
import type { MatchedEndpoint, StoredEvent } from '#core/event/event.ts';
import { deliveryId } from '#core/id/ids.ts';
import { api, apiForEachTest, createEndpoint, database } from '#test/support/api-fixture.ts';
import { deliveryOf, movedTo } from '#test/support/deliveries.ts';
import { storeEvent } from '#test/support/stored-events.ts';

let now: number;

beforeEach(() => {
  now = Date.now();
});
apiForEachTest({ now: () => now });

async function storeDelivery(of: Pick<Delivery, 'endpointId' | 'eventId'>, state: DeliveryState) {
  const delivery = movedTo(deliveryOf({ createdAt: now, ...of }), state);
  expect(await api.stores.deliveries.store(delivery)).toBe('stored');
  return delivery;
}

const storePrivateEvent = (endpointCount: number) =>
  storeEvent(now, endpointCount, {
    source: 'a private source',
    tags: ['private'],
    payload: pack(Buffer.from('"a private payload"')),
  });

/** The content of the event table as text. */
async function tableText(): Promise<string> {
  const { Items = [] } = await database.client.send(new ScanCommand({ TableName: api.eventTable }));
  const texts = Items.flatMap((item) =>
    Object.values(item).map(({ B, ...rest }) =>
      B ? Buffer.from(B).toString('latin1') : JSON.stringify(rest),
    ),
  );
  return texts.join('\n');
}

const stateOf = async ({ id }: StoredEvent, { endpointId }: MatchedEndpoint) =>
  (await api.stores.deliveries.get(endpointId, id))?.state;

describe('DELETE /api/events/{id}', () => {
  it('cancels unsettled deliveries, keeps settled ones, and removes the event', async () => {
    const { event, matched } = await storePrivateEvent(4);
    const [had, held, dead, unstored] = matched as [
      ...[MatchedEndpoint, MatchedEndpoint, MatchedEndpoint, MatchedEndpoint],
    ];
    const of = (one: MatchedEndpoint) => ({ endpointId: one.endpointId, eventId: event.id });
    await storeDelivery(of(had), { status: 'succeeded', settledAt: now });
    await storeDelivery(of(held), { status: 'held', heldFor: 'paused', since: now });
    await storeDelivery(of(dead), { status: 'dead', reason: 'refused', settledAt: now });
    expect((await api.call(`DELETE /api/events/${event.id}`)).status).toBe(204);
    const cancelled = { status: 'cancelled', reason: 'event_deleted', settledAt: now };
    expect(await stateOf(event, had)).toMatchObject({ status: 'succeeded' });
    expect(await stateOf(event, held)).toEqual(cancelled);
    expect(await stateOf(event, dead)).toMatchObject({ status: 'dead' });
    expect(await stateOf(event, unstored)).toEqual(cancelled);
    for (const request of [
      `GET /api/events/${event.id}`,
      `POST /api/events/${event.id}/replay`,
      `DELETE /api/events/${event.id}`,
    ]) {
      expect((await api.call(request)).status, request).toBe(404);
    }
    expect((await api.call('GET /api/events')).body.data).toEqual([]);
    // Its deliveries can still be read.
    const delivery = await api.call(`GET /api/deliveries/${deliveryId(held.endpointId, event.id)}`);
    expect(delivery.body).toMatchObject({ status: 'cancelled', reason: 'event_deleted' });
  });

  it('removes everything that was posted from the table', async () => {
    const { event } = await storePrivateEvent(1);
    expect(await tableText()).toContain('private');
    await api.call(`DELETE /api/events/${event.id}`);
    expect(await tableText()).not.toContain('private');
  });

  it('keeps the event deleted when its producer posts it again', async () => {
    const { event } = await storePrivateEvent(1);
    await api.call(`DELETE /api/events/${event.id}`);
    expect(await api.stores.events.create(event)).toMatchObject({
      exists: { id: event.id, endpointCount: 0, endpoints: [] },
    });
    expect((await api.call(`GET /api/events/${event.id}`)).status).toBe(404);
  });

  it('can be repeated after a crash', async () => {
    const { event, matched } = await storePrivateEvent(2);
    await api.stores.events.erase('default', event.id);
    expect((await api.call(`GET /api/events/${event.id}`)).status).toBe(404);
    expect((await api.call(`DELETE /api/events/${event.id}`)).status).toBe(204);
    for (const one of matched) expect(await stateOf(event, one)).toMatchObject({ status: 'cancelled' });
    expect((await api.call(`DELETE /api/events/${event.id}`)).status).toBe(404);
  });

  it('of a wide event is a task, and the payload is removed before it starts', async () => {
    const { event } = await storePrivateEvent(51);
    const { status, body, headers } = await api.call(`DELETE /api/events/${event.id}`);
    expect([status, headers.location]).toEqual([202, `/api/tasks/${body.taskId}`]);
    expect((await api.call(`GET /api/tasks/${body.taskId}`)).body).toMatchObject({
      ...{ type: 'delete-event', eventId: event.id, total: 51, processed: 0, status: 'queued' },
    });
    expect(api.steps).toEqual([{ id: body.taskId, step: 0 }]);
    expect(await tableText()).not.toContain('private');
    expect((await api.call(`GET /api/events/${event.id}`)).status).toBe(404);
  });

  it('makes retries of its deliveries impossible', async () => {
    const { event } = await storePrivateEvent(1);
    const endpointId = (await createEndpoint()).id;
    const delivery = await storeDelivery(
      { endpointId, eventId: event.id },
      { status: 'dead', reason: 'refused', settledAt: now },
    );
    await api.call(`DELETE /api/events/${event.id}`);
    const retry = await api.call(`POST /api/deliveries/${deliveryId(endpointId, event.id)}/retry`);
    expect(retry).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
    expect(retry.body.detail).toContain('deleted');
    expect(await api.stores.deliveries.get(endpointId, event.id)).toEqual(delivery);
    expect(api.woken).toEqual([]);
  });

  it('needs the scope manage and an event of the application', async () => {
    const { event } = await storePrivateEvent(1);
    await api.call('POST /api/applications', { body: { id: 'other', name: 'Other' } });
    const stranger = await api.makeTokenFor('other', ['admin']);
    const reader = await api.makeTokenFor('default', ['read', 'ingest']);
    const request = `DELETE /api/events/${event.id}`;
    expect((await api.call(request, { token: stranger })).status).toBe(404);
    expect((await api.call(request, { token: reader })).status).toBe(403);
    expect((await api.call(`GET /api/events/${event.id}`)).status).toBe(200);
  });
});
