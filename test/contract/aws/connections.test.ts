import { createServer, type Socket } from 'node:net';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { dynamoDb, sqsWithoutRetries } from '#adapters/aws/clients.ts';
import { createInvoke } from '#adapters/lambda/invoke.ts';
import { listen } from '#local/net/listen.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** Answers each request with `{}`. After `forget()` it resets every connection of before at its next byte. */
async function startForgetfulService() {
  const connections = new Set<Socket>();
  const forgotten = new WeakSet<Socket>();
  let requests = 0;
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      if (forgotten.has(socket)) return void socket.resetAndDestroy();
      if (!bytes.toString('latin1').includes('{')) return;
      requests += 1;
      socket.write(
        'HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 2\r\n\r\n{}',
      );
    });
  });
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  const origin = `http://127.0.0.1:${port}`;
  vi.stubEnv('AWS_ENDPOINT_URL', origin);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  return {
    origin,
    connections: () => connections.size,
    requests: () => requests,
    /** As the network does while a function is frozen for a minute. */
    freeze() {
      for (const socket of connections) forgotten.add(socket);
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    },
  };
}

const calls: readonly [string, (origin: string) => () => Promise<unknown>][] = [
  [
    'DynamoDB',
    () => {
      const client = dynamoDb();
      return () => client.send(new GetItemCommand({ TableName: 'table', Key: { pk: { S: '1' } } }));
    },
  ],
  [
    'SQS, which is asked once',
    (origin) => {
      const client = sqsWithoutRetries();
      return () => client.send(new SendMessageCommand({ QueueUrl: `${origin}/0/queue`, MessageBody: '{}' }));
    },
  ],
  [
    'Lambda, which is asked once',
    () => {
      const invoke = createInvoke('function', 5_000);
      return () => invoke({});
    },
  ],
];

describe.each(calls)('a client of %s', (_, create) => {
  it('uses a connection again that was just used', async () => {
    const service = await startForgetfulService();
    const call = create(service.origin);
    await call();
    await call();
    expect(service.connections()).toBe(1);
  });

  it('uses none again that the network forgot while the function was frozen', async () => {
    const service = await startForgetfulService();
    const call = create(service.origin);
    await Promise.all(Array.from({ length: 10 }, call));
    expect(service.connections()).toBe(10);
    service.freeze();
    await Promise.all(Array.from({ length: 10 }, call));
    expect(service.requests()).toBe(20);
  });
});
