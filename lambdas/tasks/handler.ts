import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoDb, sqs } from '#adapters/aws/clients.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createTaskStore } from '#adapters/dynamodb/task/task-store.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { publishMetrics } from '#adapters/lambda/publish-metrics.ts';
import { handleBatch, postponeOnError, receiveCountOf } from '#adapters/lambda/sqs-batch.ts';
import { createTaskQueue, createWake } from '#adapters/sqs/queues.ts';
import { createPostpone } from '#adapters/sqs/receive.ts';
import { createSendOne } from '#adapters/sqs/send.ts';
import { createLogger, createMetrics } from '#adapters/telemetry/telemetry.ts';
import { tasksVariables } from './env.ts';
import { handleRedrive } from './handle-message.ts';
import type { RedrivePorts } from './ports.ts';

const env = readEnvironment(tasksVariables, process.env);
const now = Date.now;
const retentionDays = Number(env.retentionDays);
const tables = { client: dynamoDb(), now, random: Math.random, retentionDays };
const eventTable = { ...tables, tableName: env.eventTable };
const targets = createEndpointReader({ ...tables, tableName: env.configTable });
const deliveries = createDeliveryStore(eventTable);
const events = createEventStore(eventTable);
const sqsClient = sqs();
const ownQueue = { client: sqsClient, queueUrl: env.redriveQueue };
const sendAgain = createSendOne(ownQueue);
const setAside = createSendOne({ client: sqsClient, queueUrl: env.deadLetterQueue });
const wakeQueues = createWake(sqsClient, {
  high: env.highQueue,
  normal: env.normalQueue,
  low: env.lowQueue,
  retry: env.retryQueue,
});
const logger = createLogger('tasks');
const metrics = createMetrics('tasks', env.deployment);
const onError = postponeOnError({
  logger,
  metrics,
  metric: 'TaskErrors',
  postpone: createPostpone(ownQueue),
});
const day = 24 * 60 * 60 * 1_000;
// What is left of an invocation then is enough to finish the page at hand.
const reserve = 20_000;

const ports = (context: Context): RedrivePorts => ({
  now,
  hasTime: () => context.getRemainingTimeInMillis() > reserve,
  retention: retentionDays * day,
  endpoint: (endpointId) => targets.load(endpointId, { consistent: true }),
  // Without it a replay of an event of a moment ago would be over at once.
  event: (applicationId, eventId) => events.get(applicationId, eventId, { consistent: true }),
  segment: events.segment,
  erase: events.erase,
  erased: events.erased,
  deliveries,
  getMany: deliveries.getMany,
  deadBy: deliveries.deadBy,
  unsuccessful: deliveries.unsuccessful,
  wake: async (delivery, message, delay) => {
    await wakeQueues(delivery, message, delay);
    metrics.addMetric('DeliveriesRedriven', MetricUnit.Count, 1);
  },
  tasks: createTaskStore(eventTable),
  queueStep: createTaskQueue(sqsClient, env.redriveQueue),
  sendAgain: (body, delay) => sendAgain({ body, delay }),
  setAside: (body) => setAside({ body, delay: 0 }),
  unreadable: (reason) => {
    logger.error('put back into the dead-letter queue: it is no dead letter', { reason });
    metrics.addMetric('TaskErrors', MetricUnit.Count, 1);
  },
});

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(publishMetrics(metrics))
  .handler((event: SQSEvent, context: Context) =>
    handleBatch(
      event,
      async (record) => {
        await handleRedrive(record.body, receiveCountOf(record), ports(context));
        return true;
      },
      onError,
    ),
  );
