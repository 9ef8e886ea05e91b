import { beforeEach, describe, expect, it } from 'vitest';
import type { Delivery, DeliveryState } from '#core/delivery/delivery.ts';
import type { MatchedEndpoint } from '#core/event/event.ts';
import { deliveryId } from '#core/id/ids.ts';
import { progressed } from '#core/task/task.ts';
import { api, apiForEachTest } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';
import { deliveryOf, eventOf, idsAt, movedTo } from '#test/support/deliveries.ts';

let now: number;

beforeEach(() => {
  now = Date.now();
});
apiForEachTest({ now: () => now });

const hour = 60 * 60_000;

async function createEndpoint(): Promise<string> {
  return (await api.call('POST /api/endpoints', { body: anEndpoint })).body.id;
}

async function storedDelivery(state: DeliveryState, change: Partial<Delivery> = {}): Promise<Delivery> {
  const endpointId = change.endpointId ?? (await createEndpoint());
  const delivery = movedTo(deliveryOf({ createdAt: now, attemptCount: 1, ...change, endpointId }), state);
  await api.stores.deliveries.store(delivery);
  await api.stores.events.create(eventOf({ id: delivery.eventId, timestamp: now }));
  return delivery;
}

async function storedEvent(change: Parameters<typeof eventOf>[0] = {}) {
  const endpointId = await createEndpoint();
  const event = eventOf({
    ...{ timestamp: now, deliverAt: now, endpointCount: 1, endpoints: [{ endpointId, priority: 'high' }] },
    ...change,
  });
  await api.stores.events.create(event);
  return { event, endpointId };
}

const retryOf = ({ endpointId, eventId }: Pick<Delivery, 'endpointId' | 'eventId'>) =>
  `POST /api/deliveries/${deliveryId(endpointId, eventId)}/retry`;

describe('POST /api/deliveries/{id}/retry', () => {
  const restartable: [what: string, state: () => DeliveryState][] = [
    ['dead', () => ({ status: 'dead', reason: 'exhausted', settledAt: now })],
    ['cancelled', () => ({ status: 'cancelled', reason: 'expired', settledAt: now })],
    ['held', () => ({ status: 'held', heldFor: 'backoff', since: now, dueAt: now + hour })],
    ['waiting in a queue', () => ({ status: 'queued', dueAt: now + 30_000 })],
    ['claimed by a function that crashed', () => ({ status: 'attempting', claimId: 'c', until: now })],
  ];

  it.each(restartable)('restarts a delivery that is %s', async (_, state) => {
    const delivery = await storedDelivery(state());
    const { status, body } = await api.call(retryOf(delivery));
    expect(status).toBe(202);
    expect(body).toMatchObject({
      ...{ id: deliveryId(delivery.endpointId, delivery.eventId), status: 'queued', generation: 2 },
      nextAttemptAt: new Date(now).toISOString(),
    });
    expect(api.woken).toEqual([
      { endpointId: delivery.endpointId, eventId: delivery.eventId, generation: 2 },
    ]);
  });

  it('starts one generation for two requests', async () => {
    const delivery = await storedDelivery({ status: 'dead', reason: 'exhausted', settledAt: now });
    await api.call(retryOf(delivery));
    expect((await api.call(retryOf(delivery))).body).toMatchObject({ generation: 2 });
    // The message is sent again, because the first request may have crashed before it sent it.
    expect(api.woken.map(({ generation }) => generation)).toEqual([2, 2]);
  });

  it('leaves a running attempt unchanged', async () => {
    const delivery = await storedDelivery({ status: 'attempting', claimId: 'c', until: now + 1_000 });
    expect(await api.call(retryOf(delivery))).toMatchObject({ status: 202, body: { generation: 1 } });
    expect(api.woken).toEqual([]);
  });

  it('refuses a delivery that succeeded and names the replay', async () => {
    const delivery = await storedDelivery({ status: 'succeeded', settledAt: now });
    const { status, body } = await api.call(retryOf(delivery));
    expect([status, body.code]).toEqual([409, 'wrong_state']);
    expect(body.detail).toContain(`/api/events/${delivery.eventId}/replay`);
  });

  it.each(['disable', 'delete'])('refuses a delivery to an endpoint after its %s', async (what) => {
    const delivery = await storedDelivery({ status: 'dead', reason: 'exhausted', settledAt: now });
    const path = `/api/endpoints/${delivery.endpointId}`;
    await api.call(what === 'disable' ? `POST ${path}/disable` : `DELETE ${path}`);
    expect(await api.call(retryOf(delivery))).toMatchObject({
      ...{ status: 409, body: { code: 'wrong_state' } },
    });
    expect(api.woken).toEqual([]);
  });

  it('leaves a queued first attempt unchanged, and queues it again when it is long overdue', async () => {
    const { event, endpointId } = await storedEvent();
    const of = { endpointId, eventId: event.id };
    expect(await api.call(retryOf(of))).toMatchObject({
      ...{ status: 202, body: { status: 'queued', generation: 1, attempts: [] } },
    });
    expect(api.woken).toEqual([]);
    now += hour;
    expect((await api.call(retryOf(of))).status).toBe(202);
    expect(api.woken).toEqual([{ ...of, generation: 1 }]);
  });

  it('does not find deliveries of other applications, or unknown ones', async () => {
    const { event, endpointId } = await storedEvent();
    const stranger = { endpointId: api.ids.endpoint(), eventId: event.id };
    expect((await api.call(retryOf(stranger))).status).toBe(404);
    await api.call('POST /api/applications', { body: { id: 'other', name: 'Other' } });
    const token = await api.makeTokenFor('other', ['admin']);
    const delivery = await storedDelivery({ status: 'dead', reason: 'exhausted', settledAt: now });
    for (const each of [delivery, { endpointId, eventId: event.id }]) {
      expect((await api.call(retryOf(each), { token })).status).toBe(404);
    }
  });

  it('needs the scope manage', async () => {
    const delivery = await storedDelivery({ status: 'dead', reason: 'exhausted', settledAt: now });
    const token = await api.makeTokenFor('default', ['read', 'ingest']);
    expect((await api.call(retryOf(delivery), { token })).status).toBe(403);
  });
});

describe('POST /api/dead-letters/redrive', () => {
  const redrive = 'POST /api/dead-letters/redrive';

  it.each([{}, { body: {} }, { body: { endpointId: null } }])(
    'makes a task of all with %j',
    async (options) => {
      const { status, body, headers } = await api.call(redrive, options);
      expect([status, Object.keys(body), headers.location]).toEqual([
        ...[202, ['taskId'], `/api/tasks/${body.taskId}`],
      ]);
      expect(body.taskId).toMatch(/^tsk_[0-9a-z]{26}$/);
      expect(api.steps).toEqual([{ id: body.taskId, step: 0 }]);
      expect((await api.call(`GET /api/tasks/${body.taskId}`)).body).toEqual({
        ...{ id: body.taskId, type: 'redrive', status: 'queued', dryRun: false },
        ...{ processed: 0, started: 0, skipped: 0 },
        ...{ createdAt: new Date(now).toISOString(), updatedAt: new Date(now).toISOString() },
      });
    },
  );

  it('starts a task for an endpoint that exists and is not disabled', async () => {
    const endpointId = await createEndpoint();
    const { body } = await api.call(redrive, { body: { endpointId } });
    expect((await api.call(`GET /api/tasks/${body.taskId}`)).body).toMatchObject({ endpointId });
    const unknown = { body: { endpointId: api.ids.endpoint() } };
    expect((await api.call(redrive, unknown)).status).toBe(404);
    await api.call(`POST /api/endpoints/${endpointId}/disable`);
    expect(await api.call(redrive, { body: { endpointId } })).toMatchObject({
      ...{ status: 409, body: { code: 'wrong_state' } },
    });
  });

  const id = deliveryId(idsAt(1).endpoint(), idsAt(1).event());
  const wrong: [field: string, body: object][] = [
    ['endpointId', { endpointId: 'shop' }],
    ['endpointId', { endpointId: 7 }],
    ['deliveryIds', { deliveryIds: [] }],
    ['deliveryIds', { deliveryIds: id }],
    ['deliveryIds[1]', { deliveryIds: [id, 'dlv_x'] }],
    ['deliveryIds', { deliveryIds: Array(101).fill(id) }],
    ['deliveryIds', { deliveryIds: [id], endpointId: idsAt(1).endpoint() }],
    ['all', { all: true }],
  ];

  it.each(wrong)('names the invalid field %s in %j', async (field, body) => {
    const answer = await api.call(redrive, { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', field } });
    expect(api.steps).toEqual([]);
  });
});

describe('POST /api/events/{id}/replay', () => {
  it('starts a task for all endpoints that an event matched, or for named ones', async () => {
    const { event, endpointId } = await storedEvent();
    for (const body of [undefined, { endpointIds: [endpointId] }]) {
      const answer = await api.call(`POST /api/events/${event.id}/replay`, { body });
      expect(answer.status).toBe(202);
      const task = await api.call(`GET /api/tasks/${answer.body.taskId}`);
      expect(task.body).toMatchObject({ type: 'replay', eventId: event.id, status: 'queued' });
    }
  });

  it('finds named endpoints among thousands', async () => {
    const named = [await createEndpoint(), await createEndpoint()];
    const others = Array.from({ length: 2_500 }, api.ids.endpoint);
    const matched = [...named, ...others]
      .toSorted()
      .map((endpointId): MatchedEndpoint => ({ endpointId, priority: 'normal' }));
    const event = eventOf({ endpointCount: matched.length });
    await api.stores.events.createSegments(event, matched);
    await api.stores.events.create(event);
    const replay = (endpointIds: readonly string[]) =>
      api.call(`POST /api/events/${event.id}/replay`, { body: { endpointIds } });
    expect((await replay(named)).status).toBe(202);
    expect(await replay([...named, await createEndpoint()])).toMatchObject({
      ...{ status: 400, body: { code: 'validation_failed', field: 'endpointIds[2]' } },
    });
  });

  it('refuses an unknown event, and endpoints that it did not match or that are disabled', async () => {
    expect((await api.call(`POST /api/events/${api.ids.event()}/replay`)).status).toBe(404);
    const { event, endpointId } = await storedEvent();
    const stranger = await createEndpoint();
    const replay = (endpointIds: readonly string[]) =>
      api.call(`POST /api/events/${event.id}/replay`, { body: { endpointIds } });
    expect(await replay([endpointId, stranger])).toMatchObject({
      ...{ status: 400, body: { code: 'validation_failed', field: 'endpointIds[1]' } },
    });
    await api.call(`DELETE /api/endpoints/${endpointId}`);
    expect(await replay([endpointId])).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
    expect(api.steps).toEqual([]);
  });
});

describe('tasks', () => {
  const start = async (): Promise<string> => (await api.call('POST /api/dead-letters/redrive')).body.taskId;

  it('can be cancelled twice without harm', async () => {
    const id = await start();
    for (let times = 0; times < 2; times += 1) {
      expect(await api.call(`POST /api/tasks/${id}/cancel`)).toMatchObject({
        ...{ status: 200, body: { id, status: 'cancelled' } },
      });
    }
  });

  it('cannot be cancelled when they are completed', async () => {
    const id = await start();
    const task = await api.stores.tasks.get(id);
    if (!task) throw new Error('no task');
    await api.stores.tasks.store(progressed(task, { started: 4, skipped: 1 }, now));
    expect((await api.call(`GET /api/tasks/${id}`)).body).toMatchObject({
      ...{ status: 'completed', started: 4, skipped: 1 },
    });
    expect(await api.call(`POST /api/tasks/${id}/cancel`)).toMatchObject({
      ...{ status: 409, body: { code: 'wrong_state' } },
    });
  });

  it('of other applications are not found', async () => {
    const id = await start();
    await api.call('POST /api/applications', { body: { id: 'other', name: 'Other' } });
    const token = await api.makeTokenFor('other', ['admin']);
    for (const request of [`GET /api/tasks/${id}`, `POST /api/tasks/${id}/cancel`]) {
      expect((await api.call(request, { token })).status).toBe(404);
    }
    expect((await api.call(`GET /api/tasks/${api.ids.task()}`)).status).toBe(404);
    expect((await api.call('GET /api/tasks/tsk_x')).status).toBe(404);
  });

  it('are cancelled when the queue is unavailable', async () => {
    api.refuseMessages();
    const { status, headers, body } = await api.call('POST /api/dead-letters/redrive');
    expect([status, headers['retry-after'], body.code]).toEqual([503, '2', 'unavailable']);
    expect((await api.call('GET /api/tasks')).body.data).toMatchObject([{ status: 'cancelled' }]);
  });
});
