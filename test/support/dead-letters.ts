import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { deliveryId } from '#core/id/ids.ts';
import type { Receiver } from '#demo/receiver.ts';
import { awsCaller } from '#local/aws-protocol/client.ts';
import { type FileStack, testReceiver } from './file-stack.ts';
import { waitFor } from './wait.ts';

const account = '000000000000';

export type Row = Readonly<Record<string, unknown>>;

/** What tests of dead letters do with the stack of their file: its API, its queues and its event table. */
export function deadLetterTools(local: FileStack) {
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

  /** The stack's own table, for what the API cannot make: the past. */
  const eventTable = () => ({
    client: dynamoDb,
    tableName: eventTableName,
    now: Date.now,
    retentionDays: 30,
  });
  const call: typeof aws.call = (...request) => aws.call(...request);

  return {
    ...{ call, endpointFor, post, deliveryTo, reaches, deadLetters, finished, redrive },
    ...{ queueNamed, send, moveDeadLetters, exhausted, eventTable },
  };
}
