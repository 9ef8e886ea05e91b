import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery, DeliveryState } from '#core/delivery/delivery.ts';
import { pack } from '#core/event/compression.ts';
import type { MatchedEndpoint, StoredEvent } from '#core/event/event.ts';
import { deliveryId } from '#core/id/ids.ts';
import { anEndpoint, startApi, type TestApi } from '#test/support/api-function.ts';
import { deliveryOf, eventOf, idsAt, movedTo } from '#test/support/deliveries.ts';
import { startDatabase, type TestDatabase } from '#test/support/dynamodb.ts';

let database: TestDatabase;
let api: TestApi;
let now: number;

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());
beforeEach(async () => {
  now = Date.now();
  api = await startApi(database, { now: () => now });
});

const hour = 60 * 60_000;
const iso = (time: number) => new Date(time).toISOString();

const createEndpoint = async (): Promise<string> =>
  (await api.call('POST /api/endpoints', { body: anEndpoint })).body.id;

/** An event to so many fresh endpoints, stored; none of its deliveries has an item. */
async function storeEvent(endpointCount: number) {
  const ids = idsAt(now);
  const matched: MatchedEndpoint[] = Array.from({ length: endpointCount }, () => ({
    ...{ endpointId: ids.endpoint(), priority: 'normal' },
  }));
  const event = eventOf({
    ...{ timestamp: now, deliverAt: now, endpointCount, source: 'a private source', tags: ['private'] },
    endpoints: endpointCount <= 50 ? matched : [],
    payload: pack(Buffer.from('"a private payload"')),
  });
  if (endpointCount > 50) await api.stores.events.createSegments(event, matched);
  await api.stores.events.create(event);
  return { event, matched };
}

async function storeDelivery(of: Pick<Delivery, 'endpointId' | 'eventId'>, state: DeliveryState) {
  const delivery = movedTo(deliveryOf({ createdAt: now, ...of }), state);
  expect(await api.stores.deliveries.store(delivery)).toBe('stored');
  return delivery;
}

/** All that the event table holds, as text. */
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
  it('ends what is unsettled, keeps what is settled, and the event is gone', async () => {
    const { event, matched } = await storeEvent(4);
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
    // What became of its deliveries stays to be seen.
    const delivery = await api.call(`GET /api/deliveries/${deliveryId(held.endpointId, event.id)}`);
    expect(delivery.body).toMatchObject({ status: 'cancelled', reason: 'event_deleted' });
  });

  it('leaves nothing of what was posted in the table', async () => {
    const { event } = await storeEvent(1);
    expect(await tableText()).toContain('private');
    await api.call(`DELETE /api/events/${event.id}`);
    expect(await tableText()).not.toContain('private');
  });

  it('stays deleted when whoever posted it tries again', async () => {
    const { event } = await storeEvent(1);
    await api.call(`DELETE /api/events/${event.id}`);
    expect(await api.stores.events.create(event)).toMatchObject({
      exists: { id: event.id, endpointCount: 0, endpoints: [] },
    });
    expect((await api.call(`GET /api/events/${event.id}`)).status).toBe(404);
  });

  it('may be asked for again when it was cut off', async () => {
    const { event, matched } = await storeEvent(2);
    await api.stores.events.erase('default', event.id);
    expect((await api.call(`GET /api/events/${event.id}`)).status).toBe(404);
    expect((await api.call(`DELETE /api/events/${event.id}`)).status).toBe(204);
    for (const one of matched) expect(await stateOf(event, one)).toMatchObject({ status: 'cancelled' });
    expect((await api.call(`DELETE /api/events/${event.id}`)).status).toBe(404);
  });

  it('of a wide event is a task, and the payload is gone before it begins', async () => {
    const { event } = await storeEvent(51);
    const { status, body, headers } = await api.call(`DELETE /api/events/${event.id}`);
    expect([status, headers.location]).toEqual([202, `/api/tasks/${body.taskId}`]);
    expect((await api.call(`GET /api/tasks/${body.taskId}`)).body).toMatchObject({
      ...{ type: 'delete-event', eventId: event.id, total: 51, processed: 0, status: 'queued' },
    });
    expect(api.steps).toEqual([{ id: body.taskId, step: 0 }]);
    expect(await tableText()).not.toContain('private');
    expect((await api.call(`GET /api/events/${event.id}`)).status).toBe(404);
  });

  it('leaves its deliveries without a retry', async () => {
    const { event } = await storeEvent(1);
    const endpointId = await createEndpoint();
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

  it('is not for others, nor for those who may only read', async () => {
    const { event } = await storeEvent(1);
    await api.call('POST /api/applications', { body: { id: 'other', name: 'Other' } });
    const stranger = await api.makeTokenFor('other', ['admin']);
    const reader = await api.makeTokenFor('default', ['read', 'ingest']);
    const request = `DELETE /api/events/${event.id}`;
    expect((await api.call(request, { token: stranger })).status).toBe(404);
    expect((await api.call(request, { token: reader })).status).toBe(403);
    expect((await api.call(`GET /api/events/${event.id}`)).status).toBe(200);
  });
});

describe('POST /api/endpoints/{id}/recover', () => {
  const recover = (endpointId: string, body: unknown) =>
    api.call(`POST /api/endpoints/${endpointId}/recover`, { body });

  it('makes a task of a time, which ends now at the latest', async () => {
    const endpointId = await createEndpoint();
    const since = iso(now - hour);
    for (const until of [undefined, null, iso(now + hour)]) {
      const answer = await recover(endpointId, { since, until });
      expect(answer.status).toBe(202);
      expect((await api.call(`GET /api/tasks/${answer.body.taskId}`)).body).toEqual({
        ...{ id: answer.body.taskId, type: 'recover', status: 'queued', dryRun: false },
        ...{ processed: 0, started: 0, skipped: 0, endpointId, since, until: iso(now) },
        ...{ createdAt: iso(now), updatedAt: iso(now) },
      });
    }
  });

  it('refuses an endpoint that is unknown, deleted or disabled', async () => {
    const body = { since: iso(now - hour) };
    expect((await recover(api.ids.endpoint(), body)).status).toBe(404);
    const endpointId = await createEndpoint();
    await api.call(`POST /api/endpoints/${endpointId}/disable`);
    expect(await recover(endpointId, body)).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
  });

  const wrong: [field: string, body: () => unknown][] = [
    ['since', () => ({})],
    ['since', () => ({ since: '2026-01-31' })],
    ['since', () => ({ since: 1_764_000_000 })],
    ['since', () => ({ since: iso(now + hour) })],
    ['until', () => ({ since: iso(now - hour), until: iso(now - hour) })],
    ['until', () => ({ since: iso(now - hour), until: 'now' })],
    ['dryRun', () => ({ since: iso(now - hour), dryRun: 'yes' })],
    ['endpointId', () => ({ since: iso(now - hour), endpointId: 'ep_1' })],
  ];

  it.each(wrong)('names %s as wrong', async (field, body) => {
    const answer = await recover(await createEndpoint(), body());
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', field } });
    expect(answer.body.accepted).toBeTruthy();
    expect(api.steps).toEqual([]);
  });
});

describe('dryRun', () => {
  it('is noted in the task of each kind', async () => {
    const endpointId = await createEndpoint();
    const { event } = await storeEvent(3);
    for (const [request, body] of [
      ['POST /api/dead-letters/redrive', {}],
      [`POST /api/events/${event.id}/replay`, {}],
      [`POST /api/endpoints/${endpointId}/recover`, { since: iso(now - hour) }],
    ] as const) {
      const { body: answer } = await api.call(request, { body: { ...body, dryRun: true } });
      const task = await api.call(`GET /api/tasks/${answer.taskId}`);
      expect(task.body, request).toMatchObject({ dryRun: true });
    }
  });
});

describe('unfinished tasks', () => {
  it('are a hundred of an application at most, of whatever kind and whoever asks; deletions go on', async () => {
    const endpointId = await createEndpoint();
    const [{ event }, { event: wide }] = [await storeEvent(3), await storeEvent(51)];
    const { token } = (await api.call('POST /api/applications/default/portal-tokens', { body: {} })).body;
    const recover = (by: object) =>
      api.call(`POST /api/endpoints/${endpointId}/recover`, { body: { since: iso(now - hour) }, ...by });
    for (let started = 0; started < 100; started += 1)
      expect((await recover({ token })).status, `task ${started}`).toBe(202);
    const steps = api.steps.length;
    for (const answer of [
      await recover({ token }),
      await recover({}),
      await api.call('POST /api/dead-letters/redrive'),
      await api.call(`POST /api/events/${event.id}/replay`, { body: { dryRun: true } }),
    ]) {
      expect(answer).toMatchObject({
        status: 429,
        headers: { 'retry-after': '5' },
        body: {
          code: 'too_many_tasks',
          detail: expect.stringMatching(
            /has 100 unfinished tasks .*; try again when one of them is completed/,
          ),
          accepted: 'at most 100 unfinished tasks',
        },
      });
    }
    expect(api.steps).toHaveLength(steps);
    expect((await api.call(`DELETE /api/events/${wide.id}`)).status).toBe(202);
    const { data } = (await api.call('GET /api/tasks?limit=2')).body;
    const task = data.find(({ type }: { type: string }) => type === 'recover');
    await api.call(`POST /api/tasks/${task.id}/cancel`);
    expect((await recover({ token })).status).toBe(202);
    expect((await recover({ token })).status).toBe(429);
  });
});

describe('GET /api/tasks', () => {
  it('lists the newest first, in pages, of the application alone', async () => {
    const started: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      now += 1;
      started.unshift((await api.call('POST /api/dead-letters/redrive')).body.taskId);
    }
    await api.call('POST /api/applications', { body: { id: 'other', name: 'Other' } });
    const token = await api.makeTokenFor('other', ['admin']);
    await api.call('POST /api/dead-letters/redrive', { token });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await api.call(`GET /api/tasks?limit=2${query}`);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(started);
    expect((await api.call('GET /api/tasks', { token })).body.data).toHaveLength(1);
  });
});

describe('GET /api/endpoints/{id}/deliveries', () => {
  it('keeps to the time of the events', async () => {
    const endpointId = await createEndpoint();
    const at = async (time: number) => {
      const eventId = idsAt(time).event();
      await storeDelivery({ endpointId, eventId }, { status: 'succeeded', settledAt: now });
      return eventId;
    };
    const [first, second, third] = [await at(now - 3_000), await at(now - 2_000), await at(now - 1_000)];
    const list = async (query: string) =>
      (await api.call(`GET /api/endpoints/${endpointId}/deliveries?${query}`)).body.data.map(
        ({ eventId }: { eventId: string }) => eventId,
      );
    expect(await list(`since=${iso(now - 2_000)}`)).toEqual([third, second]);
    expect(await list(`until=${iso(now - 2_000)}`)).toEqual([first]);
    expect(await list(`status=succeeded&since=${iso(now - 2_000)}&until=${iso(now - 1_000)}`)).toEqual([
      second,
    ]);
    const empty = await api.call(
      `GET /api/endpoints/${endpointId}/deliveries?since=${iso(now)}&until=${iso(now)}`,
    );
    expect(empty).toMatchObject({ status: 400, body: { code: 'invalid_query', field: 'until' } });
  });
});
