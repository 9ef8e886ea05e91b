import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoDb, sqs } from '#adapters/aws/clients.ts';
import { until } from '#adapters/aws/deadline.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createProgressStore } from '#adapters/dynamodb/event/progress-store.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { publishMetrics } from '#adapters/lambda/publish-metrics.ts';
import { groupOf, handleBatch, postponeOnError } from '#adapters/lambda/sqs-batch.ts';
import { createDrainQueue, createPriorityQueues, createWake } from '#adapters/sqs/queues.ts';
import { createPostpone } from '#adapters/sqs/receive.ts';
import { createSendOne } from '#adapters/sqs/send.ts';
import { createLogger, createMetrics, reportRefused } from '#adapters/telemetry/telemetry.ts';
import type { DrainMessage } from '#core/message/message.ts';
import { fanOutVariables } from './env.ts';
import { handleMessage, type MessagePorts } from './message.ts';

const env = readEnvironment(fanOutVariables, process.env);
const now = Date.now;
const shared = {
  client: dynamoDb(),
  now,
  random: Math.random,
  retentionDays: Number(env.retentionDays),
};
const eventTable = { ...shared, tableName: env.eventTable };
const configTable = { ...shared, tableName: env.configTable };
const events = createEventStore(eventTable);
const deliveries = createDeliveryStore(eventTable);
const targets = createEndpointReader(configTable);
const client = sqs();
const postponeReceived = createPostpone({ client, queueUrl: env.ownQueue });
const sendToOwnQueue = createSendOne({ client, queueUrl: env.ownQueue });
const queueDrain = createDrainQueue(client, env.ownQueue);
const logger = createLogger('fan-out');
const metrics = createMetrics('fan-out', env.deployment);
const urls = { high: env.highQueue, normal: env.normalQueue, low: env.lowQueue };
const onError = postponeOnError({ logger, metrics, metric: 'FanOutErrors', postpone: postponeReceived });
// What the queue did not confirm by then is held in the table, for which some of a portion's time must be left.
const queueWithin = 8_000;
const queues = createPriorityQueues(client, urls, reportRefused(logger, metrics));

const ports: Omit<MessagePorts, 'sendAgain' | 'postpone'> = {
  now,
  event: (applicationId: string, eventId: string) => events.get(applicationId, eventId, { consistent: true }),
  segment: events.segment,
  progress: createProgressStore(eventTable),
  within: until,
  hold: deliveries.store,
  queue: (priority, messages) => until(now() + queueWithin, () => queues(priority, messages)),
  deliveries,
  wake: createWake(client, { ...urls, retry: env.retryQueue }),
  attention: createAttentionStore(configTable),
  endpoint: (endpointId: string) => targets.load(endpointId, { consistent: true }),
  held: (endpointId: string, shard: number, limit: number) => deliveries.held(endpointId, shard, { limit }),
  queueStep: (message: DrainMessage, delay: number) => queueDrain(message, message.step, delay),
};

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(publishMetrics(metrics))
  .handler((event: SQSEvent) =>
    handleBatch(
      event,
      async (record) => {
        const sendAgain = (body: string, delay: number) =>
          sendToOwnQueue({ body, ...groupOf(record), delay });
        const postpone = (delay: number) => postponeReceived(record.receiptHandle, delay);
        return (await handleMessage(record.body, { ...ports, sendAgain, postpone })) === 'done';
      },
      onError,
    ),
  );
