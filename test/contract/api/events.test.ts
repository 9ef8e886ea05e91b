import { beforeEach, describe, expect, it } from 'vitest';
import { pack } from '#core/event/compression.ts';
import { deliveryId } from '#core/id/ids.ts';
import { api, apiForEachTest } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';
import { attemptOf, deliveryOf, idsAt, movedTo } from '#test/support/deliveries.ts';
import { storeEvent } from '#test/support/stored-events.ts';

let now: number;

beforeEach(() => {
  now = Date.now();
});
apiForEachTest({ now: () => now });

const day = 24 * 60 * 60 * 1_000;

describe('GET /api/events/{id}', () => {
  it.each([
    '{"n":12345678901234567890}',
    '1.0',
    '"\\ud800 \uffff"',
    '{ "b":1,\n"a" : 2, "a":3 }',
    'null',
    '{"__proto__":1}',
  ])('shows the bytes of the payload: %s', async (payload) => {
    const { event } = await storeEvent(now, 0, { payload: pack(Buffer.from(payload)) });
    const { status, text, body } = await api.call(`GET /api/events/${event.id}`);
    expect(status).toBe(200);
    expect(text).toContain(`"payload":${payload},`);
    expect(body.payload).toEqual(JSON.parse(payload));
  });

  it('shows the event and its deliveries, including those without an item', async () => {
    const { event, matched } = await storeEvent(now, 2, { source: 'shop', tags: ['urgent'] });
    const [first, second] = matched.map(({ endpointId }) => endpointId);
    const delivery = movedTo(
      deliveryOf({ endpointId: first, eventId: event.id }),
      { status: 'succeeded', settledAt: now },
      {
        attempts: [attemptOf({ startedAt: now })],
        attemptCount: 1,
      },
    );
    expect(await api.stores.deliveries.store(delivery)).toBe('stored');
    const { body } = await api.call(`GET /api/events/${event.id}`);
    expect(body).toEqual({
      id: event.id,
      applicationId: 'default',
      type: 'order.created',
      source: 'shop',
      tags: ['urgent'],
      timestamp: new Date(now).toISOString(),
      webhookCount: 2,
      payload: { amount: 1 },
      deliveries: [
        expect.objectContaining({
          endpointId: first,
          status: 'succeeded',
          attempts: [expect.objectContaining({ number: 1, statusCode: 200 })],
        }),
        expect.objectContaining({ endpointId: second, status: 'queued', attempts: [] }),
      ],
      nextCursor: null,
    });
  });

  it('shows a delay that has not ended', async () => {
    const { event } = await storeEvent(now, 1, { deliverAt: now + day });
    const { body } = await api.call(`GET /api/events/${event.id}`);
    expect(body.deliverAt).toBe(new Date(now + day).toISOString());
    expect(body.deliveries).toEqual([expect.objectContaining({ status: 'held', heldFor: 'scheduled' })]);
  });

  it('pages through the deliveries of a wide event', async () => {
    const { event, matched } = await storeEvent(now, 1_030);
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const { body } = await api.call(
        `GET /api/events/${event.id}?limit=100${cursor && `&cursor=${cursor}`}`,
      );
      expect(body.deliveries.length).toBeLessThanOrEqual(100);
      seen.push(...body.deliveries.map((item: { endpointId: string }) => item.endpointId));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(matched.map(({ endpointId }) => endpointId));
  });

  it('does not show deliveries as queued that settled long ago and were removed', async () => {
    const { event } = await storeEvent(now, 1);
    now += 31 * day;
    expect((await api.call(`GET /api/events/${event.id}`)).body).toMatchObject({
      webhookCount: 1,
      deliveries: [],
    });
  });
});

describe('GET /api/events', () => {
  it('lists newest first, without payloads, page by page', async () => {
    const ids = [];
    for (let index = 0; index < 5; index += 1) {
      now += 1_000;
      ids.unshift((await storeEvent(now, 0)).event.id);
    }
    const first = await api.call('GET /api/events?limit=3');
    const second = await api.call(`GET /api/events?limit=3&cursor=${first.body.nextCursor}`);
    expect([...first.body.data, ...second.body.data].map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(second.body.nextCursor).toBeNull();
    expect(first.text).not.toContain('payload');
  });

  it('filters by type, source, tag and time', async () => {
    const iso = (time: number) => encodeURIComponent(new Date(time).toISOString());
    const other = await storeEvent(now, 0, { type: 'order.deleted', source: 'web shop', tags: ['a', 'b'] });
    now += 5_000;
    const { event } = await storeEvent(now, 0, { type: 'order.created', source: 'api', tags: ['c'] });
    const list = async (query: string) =>
      (await api.call(`GET /api/events?${query}`)).body.data.map((item: { id: string }) => item.id);
    expect(await list('type=order.created')).toEqual([event.id]);
    expect(await list('source=web+shop')).toEqual([other.event.id]);
    expect(await list('tag=b')).toEqual([other.event.id]);
    expect(await list(`since=${iso(now - 1_000)}`)).toEqual([event.id]);
    expect(await list(`until=${iso(now - 1_000)}`)).toEqual([other.event.id]);
    expect(await list('type=order.created&tag=b')).toEqual([]);
  });

  it('binds its cursor to its filters', async () => {
    for (let index = 0; index < 3; index += 1) await storeEvent(now, 0);
    const { body } = await api.call('GET /api/events?limit=1&type=order.created');
    expect(
      (await api.call(`GET /api/events?limit=1&type=order.created&cursor=${body.nextCursor}`)).status,
    ).toBe(200);
    expect(await api.call(`GET /api/events?limit=1&cursor=${body.nextCursor}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_cursor' },
    });
  });
});

describe('deliveries', () => {
  it('are found by id with and without an item', async () => {
    const { event, endpointId } = await storeEvent(now, 1);
    const request = `GET /api/deliveries/${deliveryId(endpointId, event.id)}`;
    expect((await api.call(request)).body).toMatchObject({
      eventId: event.id,
      endpointId,
      status: 'queued',
    });
    const delivery = movedTo(deliveryOf({ endpointId, eventId: event.id }), {
      status: 'dead',
      settledAt: now,
      reason: 'refused',
    });
    await api.stores.deliveries.store(delivery);
    expect((await api.call(request)).body).toMatchObject({ status: 'dead', reason: 'refused' });
  });

  it('of a wide event are found in its last segment', async () => {
    const { event, matched } = await storeEvent(now, 1_010);
    const last = matched.at(-1)?.endpointId ?? '';
    const { status } = await api.call(`GET /api/deliveries/${deliveryId(last, event.id)}`);
    expect(status).toBe(200);
  });

  it('of other applications, and unknown ones, are not found', async () => {
    const { event, endpointId } = await storeEvent(now, 1);
    const { ids } = api;
    expect((await api.call(`GET /api/deliveries/${deliveryId(ids.endpoint(), event.id)}`)).status).toBe(404);
    await api.call('POST /api/applications', { body: { id: 'other', name: 'Other' } });
    const token = await api.makeTokenFor('other', ['admin']);
    const request = `GET /api/deliveries/${deliveryId(endpointId, event.id)}`;
    expect((await api.call(request, { token })).status).toBe(404);
    await api.stores.deliveries.store(
      movedTo(deliveryOf({ endpointId, eventId: event.id }), { status: 'queued', dueAt: now }),
    );
    expect((await api.call(request, { token })).status).toBe(404);
    expect((await api.call(`GET /api/events/${event.id}`, { token })).status).toBe(404);
    expect((await api.call('GET /api/dead-letters', { token })).body.data).toEqual([]);
  });

  it('of an endpoint are listed by status', async () => {
    const { id } = (await api.call('POST /api/endpoints', { body: anEndpoint })).body;
    const base = (change = {}) => deliveryOf({ endpointId: id, createdAt: now, ...change });
    await api.stores.deliveries.store(movedTo(base(), { status: 'succeeded', settledAt: now }));
    await api.stores.deliveries.store(
      movedTo(base(), { status: 'dead', settledAt: now, reason: 'exhausted' }),
    );
    const list = async (query: string) =>
      (await api.call(`GET /api/endpoints/${id}/deliveries${query}`)).body.data;
    expect(await list('')).toHaveLength(2);
    expect(await list('?status=dead')).toEqual([
      expect.objectContaining({ status: 'dead', reason: 'exhausted' }),
    ]);
    expect(await list('?status=held')).toEqual([]);
  });

  it('that are dead are listed as dead letters', async () => {
    const ids = idsAt(now);
    const [mine, other] = [ids.endpoint(), ids.endpoint()];
    for (const endpointId of [mine, other]) {
      const delivery = deliveryOf({
        endpointId,
        createdAt: now,
        attempts: [attemptOf({ success: false, statusCode: 500 })],
        attemptCount: 3,
      });
      await api.stores.deliveries.store(
        movedTo(delivery, { status: 'dead', settledAt: now, reason: 'exhausted' }),
      );
    }
    expect((await api.call('GET /api/dead-letters')).body.data).toHaveLength(2);
    expect((await api.call(`GET /api/dead-letters?endpointId=${mine}`)).body.data).toEqual([
      expect.objectContaining({
        endpointId: mine,
        status: 'dead',
        finalError: 'HTTP 500',
        retryCount: 2,
        timestamp: new Date(now).toISOString(),
      }),
    ]);
  });
});
