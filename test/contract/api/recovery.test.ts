import { beforeEach, describe, expect, it } from 'vitest';
import type { Delivery, DeliveryState } from '#core/delivery/delivery.ts';
import { api, apiForEachTest, createEndpoint } from '#test/support/api-fixture.ts';
import { deliveryOf, idsAt, movedTo } from '#test/support/deliveries.ts';
import { storeEvent } from '#test/support/stored-events.ts';

let now: number;

beforeEach(() => {
  now = Date.now();
});
apiForEachTest({ now: () => now });

const hour = 60 * 60_000;
const iso = (time: number) => new Date(time).toISOString();

async function storeDelivery(of: Pick<Delivery, 'endpointId' | 'eventId'>, state: DeliveryState) {
  const delivery = movedTo(deliveryOf({ createdAt: now, ...of }), state);
  expect(await api.stores.deliveries.store(delivery)).toBe('stored');
  return delivery;
}

describe('POST /api/endpoints/{id}/recover', () => {
  const recover = (endpointId: string, body: unknown) =>
    api.call(`POST /api/endpoints/${endpointId}/recover`, { body });

  it('starts a task for a time range that ends now at the latest', async () => {
    const endpointId = (await createEndpoint()).id;
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
    const endpointId = (await createEndpoint()).id;
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

  it.each(wrong)('names the invalid field %s', async (field, body) => {
    const answer = await recover((await createEndpoint()).id, body());
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', field } });
    expect(answer.body.accepted).toBeTruthy();
    expect(api.steps).toEqual([]);
  });
});

describe('dryRun', () => {
  it('is stored with tasks of each kind', async () => {
    const endpointId = (await createEndpoint()).id;
    const { event } = await storeEvent(now, 3);
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
  it('are limited to a hundred for an application; deletions still start', async () => {
    const endpointId = (await createEndpoint()).id;
    const [{ event }, { event: wide }] = [await storeEvent(now, 3), await storeEvent(now, 51)];
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
  it('lists the tasks of the application in pages, newest first', async () => {
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
  it('filters by the time of the events', async () => {
    const endpointId = (await createEndpoint()).id;
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
