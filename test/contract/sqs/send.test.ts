import { randomBytes } from 'node:crypto';
import { type Message as Received, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWake } from '#adapters/sqs/queues.ts';
import { createPostpone } from '#adapters/sqs/receive.ts';
import { createSend } from '#adapters/sqs/send.ts';
import { wakeUp as wakeUpOf } from '#core/delivery/messages.ts';
import { pack } from '#core/event/compression.ts';
import { carryEvent, decodeMessage } from '#core/message/codec.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import { attemptOf, deliveryOf, noon } from '#test/support/deliveries.ts';

let server: FauxqsServer;
let queues = 0;
const clients: SQSClient[] = [];

interface Call {
  readonly name: string;
  readonly input: {
    Entries?: { Id: string; MessageBody: string; MessageGroupId?: string; DelaySeconds?: number }[];
  };
}

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
});

afterAll(async () => {
  for (const client of clients) client.destroy();
  await server.stop();
});

/** A queue of its own, and a client that keeps a record of its calls and fails those that it is told to. */
function newQueue(fails: (call: Call, number: number) => 'call' | readonly string[] = () => []) {
  queues += 1;
  const name = `queue-${queues}`;
  server.createQueue(name);
  const queueUrl = `http://127.0.0.1:${server.port}/000000000000/${name}`;
  const client = new SQSClient({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  clients.push(client);
  const calls: Call[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const call: Call = { name: context.commandName ?? '', input: args.input as Call['input'] };
      calls.push(call);
      const refused = fails(call, calls.length);
      if (refused === 'call') throw new Error('the connection was reset');
      const Entries = call.input.Entries?.filter(({ Id }) => !refused.includes(Id));
      if (refused.length === 0) return next(args);
      const Failed = refused.map((Id) => ({
        Id,
        SenderFault: false,
        Code: 'InternalError',
        Message: 'try again',
      }));
      if (Entries?.length === 0) return { response: {}, output: { $metadata: {}, Successful: [], Failed } };
      const result = await next({ ...args, input: { ...args.input, Entries } });
      return { ...result, output: { ...result.output, Failed } };
    },
    { step: 'initialize' },
  );
  const queued = () => {
    const messages = server.inspectQueue(name)?.messages;
    return [...(messages?.ready ?? []), ...(messages?.delayed ?? [])];
  };
  const receive = async (): Promise<Received[]> => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 300 }),
    );
    return Messages;
  };
  const inFlight = () => server.inspectQueue(name)?.messages.inflight ?? [];
  const send = createSend({ client, queueUrl, random: () => 0 });
  return { send, client, queueUrl, calls, queued, receive, inFlight };
}

const wakeUp = (index: number, event?: DeliveryMessage['event']) => ({
  body: {
    v: 1 as const,
    kind: 'delivery' as const,
    applicationId: 'default',
    endpointId: `ep_${index}`,
    eventId: 'evt_1',
    priority: 'normal' as const,
    generation: 1,
    first: true,
    ...(event ? { event } : {}),
  },
  groupId: `ep_${index}`,
  delay: 0,
});
const wakeUps = (count: number) => Array.from({ length: count }, (_, index) => wakeUp(index));

const sizesOf = (calls: readonly Call[]) => calls.map(({ input }) => input.Entries?.length);
describe('sending', () => {
  it('queues every message as it was, in full batches', async () => {
    const { send, calls, queued } = newQueue();
    const messages = wakeUps(23);
    expect(await send(messages)).toEqual({ failed: [] });
    const bodies = queued().map(({ body }) => decodeMessage(body));
    expect(bodies).toHaveLength(23);
    expect(bodies).toEqual(expect.arrayContaining(messages.map(({ body }) => body)));
    expect(sizesOf(calls).toSorted()).toEqual([10, 10, 3]);
  });

  it('names the fairness group and the delay', async () => {
    const { send, calls, queued } = newQueue();
    await send([{ ...wakeUp(1), delay: 900_000 }, wakeUp(2)]);
    expect(calls[0]?.input.Entries).toMatchObject([
      { MessageGroupId: 'ep_1', DelaySeconds: 900 },
      { MessageGroupId: 'ep_2', DelaySeconds: 0 },
    ]);
    expect(queued()).toHaveLength(2);
  });

  it('takes a thousand messages that carry their payloads', async () => {
    const { send, queued } = newQueue();
    const event = carryEvent({ type: 'order.created', timestamp: 5, payload: pack(randomBytes(1_024)) });
    const messages = Array.from({ length: 1_000 }, (_, index) => wakeUp(index, event));
    expect(await send(messages)).toEqual({ failed: [] });
    expect(new Set(queued().map(({ body }) => body)).size).toBe(1_000);
  });

  it('sends nothing for nothing', async () => {
    const { send, calls } = newQueue();
    expect(await send([])).toEqual({ failed: [] });
    expect(calls).toEqual([]);
  });
});

describe('what SQS refuses', () => {
  it('is tried again alone, and the others are not sent twice', async () => {
    const { send, calls, queued } = newQueue((_, number) => (number === 1 ? ['3', '7'] : []));
    expect(await send(wakeUps(10))).toEqual({ failed: [] });
    expect(queued()).toHaveLength(10);
    expect(sizesOf(calls)).toEqual([10, 1, 1]);
  });

  it('is tried again when the whole call failed', async () => {
    const { send, queued } = newQueue((_, number) => (number === 1 ? 'call' : []));
    expect(await send(wakeUps(4))).toEqual({ failed: [] });
    expect(queued()).toHaveLength(4);
  });

  it('and goes on refusing is named, with the reason, after a bounded number of tries', async () => {
    const { send, calls, queued } = newQueue(({ input }) =>
      (input.Entries ?? []).flatMap(({ Id }) => (Id === '12' || Id === '2' ? [Id] : [])),
    );
    const result = await send(wakeUps(15));
    expect(result).toEqual({
      failed: [2, 12],
      cause: new Error('SQS refused an entry: try again (code InternalError)'),
    });
    expect(queued()).toHaveLength(13);
    expect(calls.length).toBeLessThanOrEqual(2 + 2 * 2);
  });

  it('because the queue is gone is all of it', async () => {
    const { send, queued } = newQueue(() => 'call');
    const result = await send(wakeUps(11));
    expect(result.failed).toEqual(Array.from({ length: 11 }, (_, index) => index));
    expect(result.cause).toEqual(expect.objectContaining({ message: 'the connection was reset' }));
    expect(queued()).toEqual([]);
  });
});

describe('waking deliveries', () => {
  const wakeAll = (
    { client, queueUrl }: Pick<ReturnType<typeof newQueue>, 'client' | 'queueUrl'>,
    deliveries: readonly ReturnType<typeof deliveryOf>[],
  ) => {
    const urls = { highQueue: queueUrl, normalQueue: queueUrl, lowQueue: queueUrl, retryQueue: queueUrl };
    const wake = createWake(client, urls);
    return Promise.allSettled(deliveries.map((one, n) => wake(one, wakeUpOf(one), n * 1_000)));
  };

  it('shares calls among those that go to the same queue at the same time, each with its own delay', async () => {
    const queue = newQueue();
    const retries = Array.from({ length: 12 }, () => deliveryOf({ attempts: [attemptOf()] }));
    const results = await wakeAll(queue, [...retries, deliveryOf()]);
    expect(results.map(({ status }) => status)).toEqual(Array(13).fill('fulfilled'));
    expect(sizesOf(queue.calls).toSorted()).toEqual([1, 10, 2]);
    const entries = queue.calls.flatMap(({ input }) => input.Entries ?? []);
    expect(entries.map(({ DelaySeconds = 0 }) => DelaySeconds).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 13 }, (_, n) => n),
    );
  });

  it('uses the queue of the priority for first attempts, and one for retries and what waits in a line', async () => {
    const [high, low, retry] = [newQueue(), newQueue(), newQueue()];
    const [highQueue, lowQueue, retryQueue] = [high.queueUrl, low.queueUrl, retry.queueUrl];
    const wake = createWake(high.client, { highQueue, normalQueue: lowQueue, lowQueue, retryQueue });
    const slot = { perSecond: 1, lost: 0, since: noon };
    const inLine = { status: 'queued', dueAt: noon, slot } as const;
    const released = { status: 'queued', dueAt: noon } as const;
    const all = [
      deliveryOf({ priority: 'high', state: released }),
      deliveryOf({ priority: 'low', state: released }),
      deliveryOf({ priority: 'high', attempts: [attemptOf()] }),
      deliveryOf({ priority: 'low', state: inLine }),
    ];
    await Promise.all(all.map((one) => wake(one, wakeUpOf(one), 0)));
    const queuedIn = ({ queued }: ReturnType<typeof newQueue>) =>
      queued().map(({ body }) => all.findIndex(({ eventId }) => body.includes(eventId)));
    expect([high, low, retry].map(queuedIn)).toEqual([[0], [1], [2, 3]]);
  });

  it('tells only those of a refusal that were refused', async () => {
    const queue = newQueue((_, number) => (number === 1 ? ['1'] : number <= 3 ? 'call' : []));
    const results = await wakeAll(queue, [deliveryOf(), deliveryOf(), deliveryOf()]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});

describe('changing the visibility', () => {
  it.each([
    [0, 1],
    [30_200, 31],
    [900_000, 900],
  ])('to %d ms makes the message unseen for %i s from now', async (asked, expected) => {
    const { send, client, queueUrl, receive, inFlight } = newQueue();
    await send([wakeUp(1)]);
    const [message] = await receive();
    const before = Date.now();
    await createPostpone({ client, queueUrl })(message?.ReceiptHandle ?? '', asked);
    const [held] = inFlight();
    const deadline = held?.visibilityDeadline ?? 0;
    expect(deadline).toBeGreaterThanOrEqual(before + expected * 1_000);
    expect(deadline).toBeLessThanOrEqual(Date.now() + expected * 1_000);
  });
});
