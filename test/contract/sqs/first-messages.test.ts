import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { sqs, sqsWithoutRetries } from '#adapters/aws/clients.ts';
import { createPriorityQueues } from '#adapters/sqs/queues.ts';
import { wakeUp } from '#core/delivery/messages.ts';
import { decodeMessage } from '#core/message/codec.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import { deliveryOf } from '#test/support/deliveries.ts';

// SQS may take messages and its answer gets lost. Of the copies that are then sent, none may say that it is the first.

let server: FauxqsServer;
let queues = 0;

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', `http://127.0.0.1:${server.port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});

afterEach(() => server.reset());
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

/** Sends ten first messages while the answers of so many tries are lost. */
async function send(client: ReturnType<typeof sqs>, lost: number) {
  queues += 1;
  const name = `queue-${queues}`;
  server.createQueue(name);
  let tries = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      tries += 1;
      if (tries > lost) return answer;
      throw Object.assign(new Error('the connection was reset'), { code: 'ECONNRESET', $retryable: {} });
    },
    // The innermost step runs for each try of the SDK.
    { step: 'deserialize', priority: 'low', name: 'lose answers' },
  );
  const queueUrl = `http://127.0.0.1:${server.port}/000000000000/${name}`;
  const urls = { highQueue: queueUrl, normalQueue: queueUrl, lowQueue: queueUrl };
  const messages = Array.from({ length: 10 }, () => ({
    body: { ...wakeUp(deliveryOf()), first: true },
    groupId: 'g',
    delay: 0,
  }));
  const refused = await createPriorityQueues(client, urls, () => undefined)('normal', messages);
  client.destroy();
  const queued = (server.inspectQueue(name)?.messages.ready ?? [])
    .map(({ body }) => decodeMessage(body))
    .filter((message): message is DeliveryMessage => message.kind === 'delivery');
  const firsts = messages.map(
    ({ body }) => queued.filter(({ eventId, first }) => first && eventId === body.eventId).length,
  );
  return { refused, queued, firsts };
}

it.each([0, 1, 2, 5])('ten messages say once that they are first when %i answers are lost', async (lost) => {
  const { refused, queued, firsts } = await send(sqsWithoutRetries(), lost);
  expect(refused).toEqual([]);
  expect(firsts).toEqual(Array(10).fill(1));
  expect(queued.length).toBeGreaterThanOrEqual(lost === 0 ? 10 : 20);
});

it('a client that repeats messages by itself would say it twice', async () => {
  expect((await send(sqs(), 1)).firsts).toEqual(Array(10).fill(2));
});
