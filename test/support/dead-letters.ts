import { afterAll, afterEach, beforeAll } from 'vitest';
import { deliveryId } from '#core/id/ids.ts';
import type { Receiver } from '#demo/receiver.ts';
import { type FileStack, testReceiver } from './file-stack.ts';
import { operatorOf, type StackOperator } from './stack-operator.ts';
import { waitFor } from './wait.ts';

const account = '000000000000';

export type Row = Readonly<Record<string, unknown>>;

/** What tests of dead letters do with the stack of their file: its API, its queues and its event table. */
export function deadLetterTools(local: FileStack) {
  const { api } = local;
  let operator: StackOperator;

  beforeAll(async () => {
    operator = await operatorOf(local.stack);
  });
  afterAll(() => operator.close());
  afterEach(() => local.stack.proxy.faults.clear());

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
    const { QueueUrls } = await operator.aws.call('sqs', 'ListQueues', {});
    const found = (QueueUrls as string[]).map((url) => url.split('/').at(-1) ?? '');
    const queue = found.find((one) => one.includes(`${name}Queue`)) ?? '';
    return {
      url: `${local.stack.proxy.origin}/${account}/${queue}`,
      arn: `arn:aws:sqs:us-east-1:${account}:${queue}`,
    };
  }

  async function send(queueName: string, MessageBody: string): Promise<void> {
    const { url } = await queueNamed(queueName);
    await operator.aws.call('sqs', 'SendMessage', { QueueUrl: url, MessageBody });
  }

  async function moveDeadLetters(): Promise<void> {
    const [source, destination] = await Promise.all([queueNamed('DeadLetter'), queueNamed('Redrive')]);
    const SourceArn = source.arn;
    await operator.aws.call('sqs', 'StartMessageMoveTask', { SourceArn, DestinationArn: destination.arn });
    await waitFor('the move', async () => {
      const { Results } = await operator.aws.call('sqs', 'ListMessageMoveTasks', { SourceArn });
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

  /** The stack's own table, for what the API cannot make: the past. */
  const eventTable = () => ({
    client: operator.dynamoDb,
    tableName: operator.tableNamed('EventTable'),
    now: Date.now,
    retentionDays: 30,
  });
  const call: StackOperator['aws']['call'] = (...request) => operator.aws.call(...request);

  return {
    ...{ call, endpointFor, post, deliveryTo, reaches, deadLetters, finished, redrive },
    ...{ queueNamed, send, moveDeadLetters, exhausted, eventTable },
  };
}
