import { describe, expect, it } from 'vitest';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { deliveryId } from '#core/id/ids.ts';
import { deadLetterTools, type Row } from '#test/support/dead-letters.ts';
import { deliveryOf, movedTo } from '#test/support/deliveries.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';
import { waitFor } from '#test/support/wait.ts';

const local = stackOfFile();
const { api } = local;
const tools = deadLetterTools(local);
const {
  call,
  queueNamed,
  eventTable,
  endpointFor,
  post,
  deliveryTo,
  reaches,
  deadLetters,
  finished,
  redrive,
  moveDeadLetters,
  exhausted,
} = tools;

describe('a redrive by the API', () => {
  it('leads an exhausted delivery from the list of dead letters to its success, under its webhook-id', async () => {
    const { target, id, eventIds } = await exhausted(1);
    const [eventId = ''] = eventIds;
    expect(await deadLetters(id)).toMatchObject([
      { eventId, status: 'dead', reason: 'exhausted', generation: 1, finalError: 'HTTP 500' },
    ]);
    const taskId = await redrive({ endpointId: id });
    expect(await finished(taskId)).toMatchObject({ type: 'redrive', status: 'completed', started: 1 });
    const delivery = await reaches(id, eventId, { status: 'succeeded' });
    expect(delivery).toMatchObject({
      generation: 2,
      attempts: [
        { generation: 1, number: 1, success: false },
        { generation: 2, number: 1, success: true },
      ],
    });
    expect(target.requests.map(({ headers }) => headers['webhook-id'])).toEqual([eventId, eventId]);
    expect(await deadLetters(id)).toEqual([]);
  });

  it('takes the deliveries that are named, and only those', async () => {
    const { id, eventIds } = await exhausted(2);
    const [wanted = '', other = ''] = eventIds;
    const taskId = await redrive({ deliveryIds: [deliveryId(id, wanted)] });
    expect(await finished(taskId)).toMatchObject({ started: 1, skipped: 0 });
    await reaches(id, wanted, { status: 'succeeded', generation: 2 });
    expect(await deliveryTo(id, other)).toMatchObject({ status: 'dead', generation: 1 });
  });

  it('leaves the dead letters of a disabled endpoint where they are', async () => {
    const { id, eventIds } = await exhausted(1);
    await api.expect(200, 'POST', `/api/endpoints/${id}/disable`);
    expect((await api.call('POST', '/api/dead-letters/redrive', { endpointId: id })).status).toBe(409);
    const taskId = await redrive({ deliveryIds: [deliveryId(id, eventIds[0] ?? '')] });
    expect(await finished(taskId)).toMatchObject({ started: 0, skipped: 1 });
    expect(await deadLetters(id)).toHaveLength(1);
  });
});

describe("a redrive by the queue's own move", () => {
  it('starts the next generation of what is dead', async () => {
    const { target, id, eventIds } = await exhausted(3);
    await moveDeadLetters();
    for (const eventId of eventIds) await reaches(id, eventId, { status: 'succeeded', generation: 2 });
    expect(target.requests).toHaveLength(6);
  });

  it('and by the API at the same time makes one new generation of each', async () => {
    const { target, id, eventIds } = await exhausted(20);
    const [taskId] = await Promise.all([redrive({ endpointId: id }), moveDeadLetters()]);
    await finished(taskId);
    for (const eventId of eventIds) await reaches(id, eventId, { status: 'succeeded', generation: 2 });
    await waitFor('the redrive queue to be empty', async () => {
      const { url } = await queueNamed('Redrive');
      const { Attributes } = await call('sqs', 'GetQueueAttributes', {
        QueueUrl: url,
        AttributeNames: ['All'],
      });
      const counts = Attributes as Record<string, string>;
      return (
        Number(counts.ApproximateNumberOfMessages) + Number(counts.ApproximateNumberOfMessagesNotVisible) ===
        0
      );
    });
    expect(target.requests).toHaveLength(40);
    const ids = target.requests.map(({ headers }) => String(headers['webhook-id']));
    expect(ids.toSorted()).toEqual([...eventIds, ...eventIds].toSorted());
  });
});

describe('a retry by hand', () => {
  it('takes the place of the automatic one', async () => {
    const target = await testReceiver((number) => ({ status: number < 2 ? 503 : 200 }));
    const { id, type } = await endpointFor(target, {
      retryConfig: { strategy: 'custom', schedule: [3_600_000] },
    });
    const eventId = await post(type);
    await reaches(id, eventId, { status: 'held', heldFor: 'backoff' });
    const path = `/api/deliveries/${deliveryId(id, eventId)}/retry`;
    expect(await api.expect(202, 'POST', path)).toMatchObject({ status: 'queued', generation: 2 });
    await reaches(id, eventId, { status: 'succeeded', generation: 2 });
    expect(target.requests).toHaveLength(2);
    expect((await api.call('POST', path)).json).toMatchObject({ status: 409, code: 'wrong_state' });
  });
});

describe('a replay', () => {
  it('goes to those that have not had the event, and by name to those that have', async () => {
    let broken = true;
    const [fine, failing] = [
      await testReceiver(() => ({ status: 200 })),
      await testReceiver(() => ({ status: broken ? 500 : 200 })),
    ];
    const had = await endpointFor(fine);
    const missed = await endpointFor(failing, { events: [had.type] });
    const eventId = await post(had.type);
    await reaches(had.id, eventId, { status: 'succeeded' });
    await reaches(missed.id, eventId, { status: 'dead' });
    broken = false;

    const replay = (body?: Row) => api.expect(202, 'POST', `/api/events/${eventId}/replay`, body);
    expect(await finished((await replay()).taskId)).toMatchObject({ type: 'replay', started: 1, skipped: 1 });
    await reaches(missed.id, eventId, { status: 'succeeded', generation: 2 });
    expect(fine.requests).toHaveLength(1);

    await finished((await replay({ endpointIds: [had.id] })).taskId);
    await fine.until(({ length }) => length === 2);
    await reaches(had.id, eventId, { status: 'succeeded', generation: 2 });
    expect(fine.requests.map(({ headers }) => headers['webhook-id'])).toEqual([eventId, eventId]);
    expect(failing.requests).toHaveLength(2);
  });
});

describe('a task', () => {
  it('of many deliveries goes on in steps, stops when it is cancelled, and counts what it did', async () => {
    const { id } = await endpointFor(await testReceiver(() => ({ status: 200 })));
    const deliveries = createDeliveryStore(eventTable());
    // Of events that are gone: starting them again ends as cancelled, and asks no receiver.
    const dead = Array.from({ length: 150 }, () =>
      movedTo(deliveryOf({ endpointId: id, createdAt: Date.now() - 60_000 }), {
        ...{ status: 'dead', reason: 'exhausted', settledAt: Date.now() - 50_000 },
      }),
    );
    await Promise.all(dead.map((delivery) => deliveries.store(delivery)));
    const step = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const observer = local.stack.proxy.faults.observe({
      before: async ({ principal, action, input }) => {
        if (!principal.startsWith('Hook0Tasks') || action !== 'PutItem') return;
        if (!JSON.stringify(input).includes('TASK#')) return;
        step.resolve();
        await goOn.promise;
      },
    });
    const taskId = await redrive({ endpointId: id });
    await step.promise;
    const path = `/api/tasks/${taskId}`;
    expect(await api.expect(200, 'POST', `${path}/cancel`)).toMatchObject({
      status: 'cancelled',
      started: 0,
    });
    observer.remove();
    goOn.resolve();
    const { started } = await waitFor('the step to be counted', async () => {
      const task = await api.expect(200, 'GET', path);
      return Number(task.started) > 0 && task;
    });
    const left = dead.length - Number(started);
    expect(left).toBeGreaterThan(0);
    expect(await api.expect(200, 'GET', path)).toMatchObject({ status: 'cancelled', skipped: 0 });
    expect(await finished(await redrive({ endpointId: id }))).toMatchObject({
      ...{ status: 'completed', started: left, skipped: 0 },
    });
  });

  it('of more deliveries than a step takes reaches all of them', async () => {
    const { id } = await endpointFor(await testReceiver(() => ({ status: 200 })));
    const deliveries = createDeliveryStore(eventTable());
    const dead = Array.from({ length: 230 }, () =>
      movedTo(deliveryOf({ endpointId: id, createdAt: Date.now() - 60_000 }), {
        ...{ status: 'dead', reason: 'exhausted', settledAt: Date.now() - 50_000 },
      }),
    );
    await Promise.all(dead.map((delivery) => deliveries.store(delivery)));
    const taskId = await redrive({ endpointId: id });
    expect(await finished(taskId)).toMatchObject({ status: 'completed', started: 230, skipped: 0 });
  });
});
