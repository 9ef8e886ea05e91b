import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { deliveryId } from '#core/id/ids.ts';
import { encodeMessage } from '#core/message/codec.ts';
import type { Receiver } from '#demo/receiver.ts';
import { awsCaller } from '#local/aws-protocol/client.ts';
import { deliveryOf, eventOf, movedTo } from '#test/support/deliveries.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';
import { waitFor } from '#test/support/wait.ts';

const account = '000000000000';
const local = stackOfFile();
const { api } = local;
let aws: ReturnType<typeof awsCaller>;
let dynamoDb: DynamoDBClient;
let eventTableName: string;

beforeAll(async () => {
  const { stack } = local;
  const { AWS_ACCESS_KEY_ID = '' } = stack.proxy.environmentFor('root');
  aws = awsCaller(() => stack.proxy.origin, AWS_ACCESS_KEY_ID);
  dynamoDb = new DynamoDBClient({
    endpoint: stack.proxy.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: 'local' },
  });
  const { TableNames } = await aws.call('dynamodb', 'ListTables', {});
  eventTableName = (TableNames as string[]).find((name) => name.includes('EventTable')) ?? '';
});
afterAll(() => {
  aws.close();
  dynamoDb.destroy();
});
afterEach(() => local.stack.proxy.faults.clear());

type Row = Readonly<Record<string, unknown>>;

let types = 0;
const freshType = () => `dead${types++}.letter`;

/** An endpoint that gives up after one refusal, unless its receiver has learnt better. */
async function endpointFor(target: Receiver, rest: Row = {}): Promise<{ id: string; type: string }> {
  const type = freshType();
  const created = await api.expect(201, 'POST', '/api/endpoints', {
    ...{ name: 'test', url: target.url, events: [type], circuitBreaker: { enabled: false } },
    retryConfig: { maxAttempts: 1 },
    ...rest,
  });
  return { id: String(created.id), type };
}

async function post(type: string, payload: unknown = {}): Promise<string> {
  return String((await api.expect(202, 'POST', '/api/events', { type, payload })).eventId);
}

const deliveryTo = (endpointId: string, eventId: string) =>
  api.expect(200, 'GET', `/api/deliveries/${deliveryId(endpointId, eventId)}`);

const reaches = (endpointId: string, eventId: string, expected: Row) =>
  waitFor(`${eventId} to be ${JSON.stringify(expected)}`, async () => {
    const delivery = await deliveryTo(endpointId, eventId);
    return Object.entries(expected).every(([key, value]) => delivery[key] === value) && delivery;
  });

async function deadLetters(endpointId: string): Promise<readonly Row[]> {
  const { data } = await api.expect(200, 'GET', `/api/dead-letters?limit=100&endpointId=${endpointId}`);
  return Array.isArray(data) ? data : [];
}

async function finished(taskId: unknown) {
  return waitFor(`task ${taskId} to end`, async () => {
    const task = await api.expect(200, 'GET', `/api/tasks/${taskId}`);
    return (task.status === 'completed' || task.status === 'cancelled') && task;
  });
}

const redrive = async (body: Row) =>
  (await api.expect(202, 'POST', '/api/dead-letters/redrive', body)).taskId;

async function queueNamed(name: string): Promise<{ url: string; arn: string }> {
  const { QueueUrls } = await aws.call('sqs', 'ListQueues', {});
  const found = (QueueUrls as string[]).map((url) => url.split('/').at(-1) ?? '');
  const queue = found.find((one) => one.includes(`${name}Queue`)) ?? '';
  return {
    url: `${local.stack.proxy.origin}/${account}/${queue}`,
    arn: `arn:aws:sqs:us-east-1:${account}:${queue}`,
  };
}

async function send(queueName: string, MessageBody: string): Promise<void> {
  const { url } = await queueNamed(queueName);
  await aws.call('sqs', 'SendMessage', { QueueUrl: url, MessageBody });
}

async function moveDeadLetters(): Promise<void> {
  const [source, destination] = await Promise.all([queueNamed('DeadLetter'), queueNamed('Redrive')]);
  const SourceArn = source.arn;
  await aws.call('sqs', 'StartMessageMoveTask', { SourceArn, DestinationArn: destination.arn });
  await waitFor('the move', async () => {
    const { Results } = await aws.call('sqs', 'ListMessageMoveTasks', { SourceArn });
    return (Results as { Status: string }[])[0]?.Status === 'COMPLETED';
  });
}

/** Some dead deliveries of a receiver that has meanwhile been mended. */
async function exhausted(count: number) {
  let broken = true;
  const target = await testReceiver(() => ({ status: broken ? 500 : 200 }));
  const { id, type } = await endpointFor(target);
  const eventIds = await Promise.all(Array.from({ length: count }, () => post(type)));
  await waitFor(`${count} dead letters`, async () => (await deadLetters(id)).length === count);
  broken = false;
  return { target, id, type, eventIds };
}

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
      const { Attributes } = await aws.call('sqs', 'GetQueueAttributes', {
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

/** The stack's own table, for what the API cannot make: the past. */
const eventTable = () => ({ client: dynamoDb, tableName: eventTableName, now: Date.now, retentionDays: 30 });

describe('quarantine', () => {
  it('makes a delivery that our own function cannot finish a dead letter, and it can be redriven', async () => {
    const target = await testReceiver(() => ({ status: 200 }));
    const { id, type } = await endpointFor(target);
    const fault = local.stack.proxy.faults.add({
      match: ({ principal, action, input }) =>
        principal.startsWith('Hook0Deliver') && action === 'PutItem' && JSON.stringify(input).includes(id),
      kind: 'unavailable',
    });
    const eventId = await post(type);
    await waitFor('the failure', async () => fault.hits > 0);
    // What SQS does after twelve receives, hours later.
    const applicationId = 'default';
    const message = { v: 1, kind: 'delivery', applicationId, endpointId: id, eventId } as const;
    await send('Quarantine', encodeMessage({ ...message, priority: 'normal', generation: 1, first: true }));
    await reaches(id, eventId, { status: 'dead', reason: 'internal' });
    fault.remove();
    await waitFor('the dead letter', async () => (await deadLetters(id)).length === 1);
    await finished(await redrive({ endpointId: id }));
    await reaches(id, eventId, { status: 'succeeded', generation: 2 });
  });

  it('disables the endpoint that said it is gone, where deliver could not', async () => {
    const target = await testReceiver(() => ({ status: 410 }));
    const { id, type } = await endpointFor(target);
    const fault = local.stack.proxy.faults.add({
      match: ({ principal, action }) => principal.startsWith('Hook0Deliver') && action === 'UpdateItem',
      kind: 'unavailable',
    });
    const eventId = await post(type);
    await reaches(id, eventId, { status: 'dead', reason: 'gone' });
    await waitFor('the failure', async () => fault.hits > 0);
    const statusOf = () => api.expect(200, 'GET', `/api/endpoints/${id}`);
    expect(await statusOf()).toMatchObject({ status: 'active' });
    const message = { v: 1, kind: 'delivery', applicationId: 'default', endpointId: id, eventId } as const;
    await send('Quarantine', encodeMessage({ ...message, priority: 'normal', generation: 1, first: true }));
    await waitFor('it to be disabled', async () => (await statusOf()).status === 'disabled');
    expect(await statusOf()).toMatchObject({ statusReason: '410_gone' });
    fault.remove();
  });

  it('keeps what nobody can read in the dead-letter queue, as it was, over a move too', async () => {
    const body = '{"v":1,"kind":"nonsense"}';
    const lines = (text: string) => JSON.stringify(local.stack.logs()).split(text).length - 1;
    await send('Quarantine', body);
    await waitFor('it to be set aside', async () => lines('set-aside') > 0);
    await moveDeadLetters();
    await waitFor('it to be put back', async () => lines('unreadable message returned') > 0);
    const { url } = await queueNamed('DeadLetter');
    const found = await waitFor('the message', async () => {
      const { Messages } = await aws.call('sqs', 'ReceiveMessage', {
        ...{ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 1 },
      });
      return ((Messages ?? []) as { Body: string }[]).find(({ Body }) => Body === body);
    });
    expect(found.Body).toBe(body);
  });

  it('sends an unfinished segment to the fan-out again', async () => {
    const target = await testReceiver(() => ({ status: 200 }));
    const { id } = await endpointFor(target);
    const matched = Array.from({ length: 51 }, () => ({ endpointId: id, priority: 'normal' as const }));
    const events = createEventStore(eventTable());
    const event = eventOf({ timestamp: Date.now(), deliverAt: Date.now(), endpointCount: 51 });
    await events.createSegments(event, matched.slice(0, 1));
    await events.create(event);
    const sent: string[] = [];
    local.stack.proxy.faults.observe({
      before: ({ principal, action, input }) => {
        if (principal.startsWith('Hook0Quarantine') && action === 'SendMessageBatch')
          sent.push(JSON.stringify(input));
      },
    });
    const applicationId = 'default';
    const message = { v: 1, kind: 'fan-out', applicationId, eventId: event.id, segment: 0 } as const;
    await send('Quarantine', encodeMessage(message));
    const [again = ''] = await waitFor('the segment', async () => sent.length > 0 && sent);
    expect(again).toContain('FanOut');
    expect(again).toContain(JSON.stringify(encodeMessage({ ...message, again: 1 })).slice(1, -1));
  });
});

describe('reconcile', () => {
  it('queues an accepted delivery that has neither an item nor a message', async () => {
    const target = await testReceiver(() => ({ status: 200 }));
    const { id, type } = await endpointFor(target);
    const timestamp = Date.now() - 2 * 60 * 60_000;
    const endpoints = [{ endpointId: id, priority: 'normal' as const }];
    const lost = eventOf({ type, timestamp, deliverAt: timestamp, endpointCount: 1, endpoints });
    await createEventStore(eventTable()).create(lost);
    const since = new Date(timestamp - 1_000).toISOString();
    const walk = () => local.stack.invoke('Hook0Reconcile', { since });
    // The schedule runs too: a pass of its own that is under way may take the place of this one.
    await waitFor('a finished pass', async () =>
      JSON.stringify(await walk())
        .replaceAll('\\', '')
        .includes('"finished":true'),
    );
    const [request] = await target.until(({ length }) => length > 0);
    expect(request?.headers['webhook-id']).toBe(lost.id);
    await reaches(id, lost.id, { status: 'succeeded', generation: 1 });
    await walk();
    expect(target.requests).toHaveLength(1);
  });
});
