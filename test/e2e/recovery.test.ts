import { describe, expect, it } from 'vitest';
import { deliveryId } from '#core/id/ids.ts';
import type { EventOptions, TaskOptions } from '#sdk/src/index.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';
import { waitFor } from '#test/support/wait.ts';

const local = stackOfFile();

async function create(url: string, type: string): Promise<string> {
  const { id } = await local.client.endpoints.create({
    name: 'test',
    url,
    events: [type],
    circuitBreaker: { enabled: false },
    retryConfig: { maxAttempts: 1 },
  });
  return id;
}

async function post(type: string, options: EventOptions = {}): Promise<string> {
  const payload = { secret: 'of a customer' };
  return (await local.client.sendEvent({ type, payload, options })).eventId;
}

const deliveryOf = (endpointId: string, eventId: string) =>
  local.client.deliveries.get(deliveryId(endpointId, eventId));

const becomes = (endpointId: string, eventId: string, status: string) =>
  waitFor(`${eventId} to be ${status}`, async () => {
    return (await deliveryOf(endpointId, eventId)).status === status;
  });

const completed = ({ taskId }: { readonly taskId: string }) =>
  waitFor(`the end of task ${taskId}`, async () => {
    const task = await local.client.tasks.get(taskId);
    return task.status === 'completed' && task;
  });

describe('recovering an endpoint', () => {
  it('starts what it did not get, and nothing that it has; a dry run only counts', async () => {
    let well = true;
    const target = await testReceiver(() => ({ status: well ? 200 : 500 }));
    const endpointId = await create(target.url, 'recovered.endpoint');
    const since = new Date(Date.now() - 60_000).toISOString();
    const had = await post('recovered.endpoint');
    await becomes(endpointId, had, 'succeeded');
    well = false;
    const missed = [await post('recovered.endpoint'), await post('recovered.endpoint')];
    for (const eventId of missed) await becomes(endpointId, eventId, 'dead');
    well = true;

    const recover = (options: TaskOptions = {}) =>
      local.client.endpoints.recover(endpointId, { since, ...options });
    expect(await completed(await recover({ dryRun: true }))).toMatchObject({ started: 2, dryRun: true });
    expect(target.requests).toHaveLength(3);

    expect(await completed(await recover())).toMatchObject({ started: 2, processed: 2, dryRun: false });
    for (const eventId of missed) await becomes(endpointId, eventId, 'succeeded');
    expect(target.requests).toHaveLength(5);
    expect(await completed(await recover())).toMatchObject({ started: 0 });
    const { data } = await local.client.tasks.list();
    expect(data.filter((task) => task.endpointId === endpointId)).toHaveLength(3);
  });
});

describe('deleting an event', () => {
  it('ends what a pause holds, which is never sent', async () => {
    const target = await testReceiver(() => ({ status: 200 }));
    const endpointId = await create(target.url, 'deleted.held');
    await local.client.endpoints.pause(endpointId);
    const [kept, deleted] = [await post('deleted.held'), await post('deleted.held')];
    for (const eventId of [kept, deleted]) await becomes(endpointId, eventId, 'held');
    expect(await local.client.events.delete(deleted)).toBeUndefined();
    await expect(local.client.events.get(deleted)).rejects.toMatchObject({ httpStatus: 404 });
    await local.client.endpoints.resume(endpointId);
    await becomes(endpointId, kept, 'succeeded');
    expect(await deliveryOf(endpointId, deleted)).toMatchObject({
      ...{ status: 'cancelled', reason: 'event_deleted' },
    });
    expect(target.requests).toHaveLength(1);
  });

  it('ends what waits for a short delay in a queue, which is never sent', async () => {
    const target = await testReceiver(() => ({ status: 200 }));
    const endpointId = await create(target.url, 'deleted.delayed');
    const deleted = await post('deleted.delayed', { delay: 5_000 });
    expect(await local.client.events.delete(deleted)).toBeUndefined();
    // Due later than the deleted one: what comes after it shows that its time is over.
    const kept = await post('deleted.delayed', { delay: 7_000 });
    await becomes(endpointId, kept, 'succeeded');
    expect(await deliveryOf(endpointId, deleted)).toMatchObject({
      ...{ status: 'cancelled', reason: 'event_deleted', attempts: [] },
    });
    expect(target.requests.map(({ headers }) => headers['webhook-id'])).toEqual([kept]);
  });

  it('of a wide event ends all its deliveries by a task', async () => {
    const target = await testReceiver(() => ({ status: 200 }));
    const wide = 51;
    const ids: string[] = [];
    for (let n = 0; n < wide; n += 1) ids.push(await create(target.url, 'deleted.wide'));
    const eventId = await post('deleted.wide', { delay: 600_000 });
    const started = await local.client.events.delete(eventId);
    const task = await completed(started ?? { taskId: 'none' });
    expect(task).toMatchObject({ type: 'delete-event', total: wide, processed: wide, started: wide });
    for (const endpointId of [ids[0], ids.at(-1)]) {
      expect(await deliveryOf(endpointId ?? '', eventId)).toMatchObject({
        ...{ status: 'cancelled', reason: 'event_deleted' },
      });
    }
    await expect(local.client.events.delete(eventId)).rejects.toMatchObject({ httpStatus: 404 });
  });
});
