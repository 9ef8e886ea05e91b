import { expect, it } from 'vitest';
import { decodeMessage } from '#core/message/codec.ts';
import { OneDelivery } from './one-delivery.ts';
import { addEndpoint, post } from './plant/people.ts';
import { Plant, second, start } from './plant/plant.ts';
import { answered } from './plant/receivers.ts';

// A first message may be there twice: SQS repeats messages, and so does the sender that got no answer of SQS.

const retryConfig = { maxAttempts: 3, strategy: 'fixed', baseDelay: 1_000, jitter: false } as const;
const busyAtFirst = (request: number) => (request === 1 ? answered(503, 20 * second) : answered(200));

it('a first message that was sent again is not attempted before its Retry-After', async () => {
  const plant = new Plant();
  addEndpoint(plant, { retryConfig });
  plant.receiver = busyAtFirst;
  plant.faults = ({ name, by }) =>
    by === 'ingest' && name === 'normal queue.send' ? 'is asked again' : undefined;
  await post(plant, '/api/events', '{"type":"order.created","payload":1}');
  const sent = plant.queues.bodies('normal');
  expect(sent).toMatchObject([{ first: true }, { first: false }]);
  await plant.run();
  const [first, next, ...others] = plant.requests.map(({ at }) => at);
  expect((next ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(20 * second);
  expect(others).toEqual([]);
  expect(plant.tables.deliveries.all()).toMatchObject([{ attemptCount: 2, state: { status: 'succeeded' } }]);
});

it('a first message that the queue repeats after a failure is not attempted before its Retry-After', async () => {
  const world = new OneDelivery({ retryConfig, receiver: busyAtFirst });
  await world.plant.receive();
  world.duplicate();
  await world.run();
  const [, next, ...others] = world.requests.map(({ at }) => at - start);
  expect(next).toBeGreaterThanOrEqual(20 * second);
  expect(others).toEqual([]);
  expect(world.item).toMatchObject({ attemptCount: 2, state: { status: 'succeeded' } });
});

it('two first messages in one batch are one', async () => {
  const world = new OneDelivery({ retryConfig, receiver: () => answered(200) });
  world.plant.batchSize = 10;
  world.duplicate();
  await world.run();
  expect(world.requests).toHaveLength(1);
  expect(world.history).toHaveLength(1);
  expect(world.plant.queues.sent.map(({ body }) => decodeMessage(body))).toHaveLength(2);
});
