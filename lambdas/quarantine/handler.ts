import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoDb, eventBridge, sqs } from '#adapters/aws/clients.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { createLifecycle } from '#adapters/eventbridge/lifecycle.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { publishMetrics } from '#adapters/lambda/publish-metrics.ts';
import { handleBatch, postponeOnError } from '#adapters/lambda/sqs-batch.ts';
import { createDeadLetters } from '#adapters/sqs/queues.ts';
import { createPostpone } from '#adapters/sqs/receive.ts';
import { createSendOne } from '#adapters/sqs/send.ts';
import { createLogger, createMetrics } from '#adapters/telemetry/telemetry.ts';
import { createAnnounce } from '#core/lifecycle/announce.ts';
import { createDisableEndpoint } from '#core/lifecycle/disable-endpoint.ts';
import { quarantineVariables } from './env.ts';
import { handleQuarantined, type QuarantinePorts } from './handle-message.ts';

const env = readEnvironment(quarantineVariables, process.env);
const now = Date.now;
const table = {
  client: dynamoDb(),
  tableName: env.eventTable,
  now,
  random: Math.random,
  retentionDays: Number(env.retentionDays),
};
const events = createEventStore(table);
const sqsClient = sqs();
const fanOut = createSendOne({ client: sqsClient, queueUrl: env.fanOutQueue });
const setAside = createSendOne({ client: sqsClient, queueUrl: env.deadLetterQueue });
const lifecycle = createLifecycle({ client: eventBridge(), bus: env.bus });
const configTable = { client: table.client, now, random: Math.random, tableName: env.configTable };
const attention = createAttentionStore(configTable);
const logger = createLogger('quarantine');
const metrics = createMetrics('quarantine', env.deployment);
const onError = postponeOnError({
  logger,
  metrics,
  metric: 'QuarantineErrors',
  postpone: createPostpone({ client: sqsClient, queueUrl: env.ownQueue }),
});

const ports: QuarantinePorts = {
  now,
  deliveries: createDeliveryStore(table),
  deadLetter: createDeadLetters(sqsClient, env.deadLetterQueue, lifecycle),
  disable: createDisableEndpoint({
    attention,
    config: createEndpointReader(configTable),
    announce: createAnnounce(lifecycle, attention),
    now,
  }),
  eventExists: async (applicationId, eventId) => (await events.get(applicationId, eventId)) !== undefined,
  fanOut: (body, delay) => fanOut({ body, groupId: body.applicationId, delay }),
  setAside: (body) => setAside({ body, delay: 0 }),
  report: (outcome) => {
    logger.error('a message was given up by its queue', { ...outcome });
    metrics.addMetric('MessagesQuarantined', MetricUnit.Count, 1);
  },
};

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(publishMetrics(metrics))
  .handler((event: SQSEvent) =>
    handleBatch(event, async (record) => (await handleQuarantined(record.body, ports)) === 'done', onError),
  );
