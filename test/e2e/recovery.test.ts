import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deliveryId } from '#core/id/ids.ts';
import { type Receiver, startReceiver } from '#demo/receiver.ts';
import { type Api, createApi } from '#test/support/api.ts';
import { type LocalStack, startLocalStack } from '#test/support/local-stack.ts';
import { waitFor } from '#test/support/wait.ts';

let stack: LocalStack;
let api: Api;
const receivers: Receiver[] = [];

beforeAll(async () => {
  stack = await startLocalStack({ tick: 1 });
  api = createApi(stack.url, stack.adminToken);
});
afterAll(() => stack.stop());
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
});

type Row = Readonly<Record<string, unknown>>;

async function receiver(answer: Parameters<typeof startReceiver>[0]): Promise<Receiver> {
  const started = await startReceiver(answer);
  receivers.push(started);
  return started;
}

async function create(url: string, type: string): Promise<string> {
  const body = {
    ...{ name: 'test', url, events: [type], circuitBreaker: { enabled: false } },
    retryConfig: { maxAttempts: 1 },
  };
  return String((await api.expect(201, 'POST', '/api/endpoints', body)).id);
}

async function post(type: string, options: Row = {}): Promise<string> {
  const body = { type, payload: { secret: 'of a customer' }, options };
  return String((await api.expect(202, 'POST', '/api/events', body)).eventId);
}

const deliveryOf = (endpointId: string, eventId: string): Promise<Row> =>
  api.expect(200, 'GET', `/api/deliveries/${deliveryId(endpointId, eventId)}`);

const becomes = (endpointId: string, eventId: string, status: string) =>
  waitFor(`${eventId} to be ${status}`, async () => {
    return (await deliveryOf(endpointId, eventId)).status === status;
  });

const completed = ({ taskId }: Row): Promise<Row> =>
  waitFor(`the end of task ${taskId}`, async () => {
    const task = await api.expect(200, 'GET', `/api/tasks/${taskId}`);
    return task.status === 'completed' && task;
  });

describe('recovering an endpoint', () => {
  it('starts what it did not get, and nothing that it has; a dry run only counts', async () => {
    let well = true;
    const target = await receiver(() => ({ status: well ? 200 : 500 }));
    const endpointId = await create(target.url, 'recovered.endpoint');
    const since = new Date(Date.now() - 60_000).toISOString();
    const had = await post('recovered.endpoint');
    await becomes(endpointId, had, 'succeeded');
    well = false;
    const missed = [await post('recovered.endpoint'), await post('recovered.endpoint')];
    for (const eventId of missed) await becomes(endpointId, eventId, 'dead');
    well = true;

    const recover = (rest: Row) =>
      api.expect(202, 'POST', `/api/endpoints/${endpointId}/recover`, { since, ...rest });
    expect(await completed(await recover({ dryRun: true }))).toMatchObject({ started: 2, dryRun: true });
    expect(target.requests).toHaveLength(3);

    expect(await completed(await recover({}))).toMatchObject({ started: 2, processed: 2, dryRun: false });
    for (const eventId of missed) await becomes(endpointId, eventId, 'succeeded');
    expect(target.requests).toHaveLength(5);
    expect(await completed(await recover({}))).toMatchObject({ started: 0 });
    const { data } = await api.expect(200, 'GET', '/api/tasks');
    expect((data as Row[]).filter((task) => task.endpointId === endpointId)).toHaveLength(3);
  });
});

describe('deleting an event', () => {
  it('ends what a pause holds, which is never sent', async () => {
    const target = await receiver(() => ({ status: 200 }));
    const endpointId = await create(target.url, 'deleted.held');
    await api.expect(200, 'POST', `/api/endpoints/${endpointId}/pause`);
    const [kept, deleted] = [await post('deleted.held'), await post('deleted.held')];
    for (const eventId of [kept, deleted]) await becomes(endpointId, eventId, 'held');
    await api.expect(204, 'DELETE', `/api/events/${deleted}`);
    await api.expect(404, 'GET', `/api/events/${deleted}`);
    await api.expect(200, 'POST', `/api/endpoints/${endpointId}/resume`);
    await becomes(endpointId, kept, 'succeeded');
    expect(await deliveryOf(endpointId, deleted)).toMatchObject({
      ...{ status: 'cancelled', reason: 'event_deleted' },
    });
    expect(target.requests).toHaveLength(1);
  });

  it('ends what waits for a short delay in a queue, which is never sent', async () => {
    const target = await receiver(() => ({ status: 200 }));
    const endpointId = await create(target.url, 'deleted.delayed');
    const deleted = await post('deleted.delayed', { delay: 5_000 });
    await api.expect(204, 'DELETE', `/api/events/${deleted}`);
    // Due later than the deleted one: what comes after it shows that its time is over.
    const kept = await post('deleted.delayed', { delay: 7_000 });
    await becomes(endpointId, kept, 'succeeded');
    expect(await deliveryOf(endpointId, deleted)).toMatchObject({
      ...{ status: 'cancelled', reason: 'event_deleted', attempts: [] },
    });
    expect(target.requests.map(({ headers }) => headers['webhook-id'])).toEqual([kept]);
  });

  it('of a wide event ends all its deliveries by a task', async () => {
    const target = await receiver(() => ({ status: 200 }));
    const wide = 51;
    const ids: string[] = [];
    for (let n = 0; n < wide; n += 1) ids.push(await create(target.url, 'deleted.wide'));
    const eventId = await post('deleted.wide', { delay: 600_000 });
    const task = await completed(await api.expect(202, 'DELETE', `/api/events/${eventId}`));
    expect(task).toMatchObject({ type: 'delete-event', total: wide, processed: wide, started: wide });
    for (const endpointId of [ids[0], ids.at(-1)]) {
      expect(await deliveryOf(endpointId ?? '', eventId)).toMatchObject({
        ...{ status: 'cancelled', reason: 'event_deleted' },
      });
    }
    await api.expect(404, 'DELETE', `/api/events/${eventId}`);
  });
});
