import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoDb, eventBridge, sqs } from '../adapters/aws-clients.ts';
import { createAttentionStore } from '../adapters/dynamodb/config/attention-store.ts';
import { createTargetReader } from '../adapters/dynamodb/config/target-reader.ts';
import { createDeliveryStore } from '../adapters/dynamodb/events/delivery-store.ts';
import { createEventStore } from '../adapters/dynamodb/events/event-store.ts';
import { createLifecycle } from '../adapters/eventbridge/lifecycle.ts';
import { createOwnQueue } from '../adapters/sqs/own-queue.ts';
import { createQueue } from '../adapters/sqs/queue.ts';
import { sendRaw } from '../adapters/sqs/raw.ts';
import { sendOne } from '../adapters/sqs/send-one.ts';
import { createLogger, createMetrics } from '../adapters/telemetry/telemetry.ts';
import { createAnnounce } from '../runtime/announce.ts';
import { createDeadLetters } from '../runtime/dead-letters.ts';
import { createDisableEndpoint } from '../runtime/disable-endpoint.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { publishMetrics } from '../runtime/publish-metrics.ts';
import { handleBatch, postponeTroubled } from '../runtime/sqs-batch.ts';
import { quarantineVariables } from './env.ts';
import { handleQuarantined, type QuarantinePorts } from './record.ts';

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
const fanOutQueue = createQueue({ client: sqsClient, queueUrl: env.fanOutQueue });
const deadLetterQueue = createQueue({ client: sqsClient, queueUrl: env.deadLetterQueue });
const lifecycle = createLifecycle({ client: eventBridge(), bus: env.bus });
const configTable = { client: table.client, now, random: Math.random, tableName: env.configTable };
const attention = createAttentionStore(configTable);
const logger = createLogger('quarantine');
const metrics = createMetrics('quarantine', env.deployment);
const troubled = postponeTroubled({
  logger,
  metrics,
  metric: 'QuarantineTrouble',
  postpone: createOwnQueue({ client: sqsClient, queueUrl: env.ownQueue }).postpone,
});

const ports: QuarantinePorts = {
  now,
  deliveries: createDeliveryStore(table),
  deadLetter: createDeadLetters(deadLetterQueue, lifecycle),
  disable: createDisableEndpoint({
    attention,
    config: createTargetReader(configTable),
    announce: createAnnounce(lifecycle, attention),
    now,
  }),
  eventExists: async (applicationId, eventId) => (await events.get(applicationId, eventId)) !== undefined,
  fanOut: (body, delay) =>
    sendOne(
      fanOutQueue,
      { body, groupId: body.applicationId, delay },
      `segment ${body.segment} of ${body.eventId}`,
    ),
  setAside: (body) => sendRaw(sqsClient, env.deadLetterQueue, { body, delay: 0 }),
  report: (outcome) => {
    logger.error('a message was given up by its queue', { ...outcome });
    metrics.addMetric('MessagesQuarantined', MetricUnit.Count, 1);
  },
};

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(publishMetrics(metrics))
  .handler((event: SQSEvent) =>
    handleBatch(event, async (record) => (await handleQuarantined(record.body, ports)) === 'done', troubled),
  );
