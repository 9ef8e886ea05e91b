import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBacklog } from '#adapters/sqs/sizes.ts';

let server: FauxqsServer;
let client: SQSClient;

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  client = new SQSClient({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

async function queueWith(name: string, messages: number, delayed = 0): Promise<string> {
  await client.send(new CreateQueueCommand({ QueueName: name }));
  const queueUrl = `http://127.0.0.1:${server.port}/000000000000/${name}`;
  for (let n = 0; n < messages + delayed; n += 1)
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: 'x',
        DelaySeconds: n < messages ? 0 : 60,
      }),
    );
  return queueUrl;
}

describe('the backlog of a queue', () => {
  it('is what waits to be received: not what is in flight, nor what is delayed', async () => {
    const queueUrl = await queueWith('mixed', 7, 3);
    await client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 2 }));
    expect(await createBacklog({ client, queueUrl, now: () => 0 })()).toBe(5);
  });

  it('is asked for once by all who ask within a second', async () => {
    const queueUrl = await queueWith('shared', 1);
    let calls = 0;
    client.middlewareStack.add(
      (next) => (input) => {
        calls += 1;
        return next(input);
      },
      { step: 'initialize', name: 'count' },
    );
    let now = 0;
    const backlog = createBacklog({ client, queueUrl, now: () => now });
    expect(await Promise.all([backlog(), backlog(), backlog()])).toEqual([1, 1, 1]);
    now = 1_000;
    await backlog();
    expect(calls).toBe(1);
    now = 1_001;
    await backlog();
    expect(calls).toBe(2);
    client.middlewareStack.remove('count');
  });

  it('that cannot be read is asked for again later', async () => {
    let now = 0;
    const queueUrl = `http://127.0.0.1:${server.port}/000000000000/late`;
    const backlog = createBacklog({ client, queueUrl, now: () => now });
    await expect(backlog()).rejects.toThrow();
    await queueWith('late', 2);
    now = 2_000;
    expect(await backlog()).toBe(2);
  });
});
