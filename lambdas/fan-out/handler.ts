import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoDb, sqs } from '../adapters/aws-clients.ts';
import { createDeliveryStore } from '../adapters/dynamodb/events/delivery-store.ts';
import { createEventStore } from '../adapters/dynamodb/events/event-store.ts';
import { createPriorityQueues } from '../adapters/sqs/priority-queues.ts';
import { createLogger, createMetrics, errorFields } from '../adapters/telemetry/telemetry.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { publishMetrics } from '../runtime/publish-metrics.ts';
import { handleBatch, receiveCountOf } from '../runtime/sqs-batch.ts';
import { fanOutVariables } from './env.ts';
import { handleSegment } from './segment.ts';

const env = readEnvironment(fanOutVariables, process.env);
const now = Date.now;
const table = {
  client: dynamoDb(),
  tableName: env.eventTable,
  now,
  random: Math.random,
  retentionDays: Number(env.retentionDays),
};
const events = createEventStore(table);
const deliveries = createDeliveryStore(table);
const queue = createPriorityQueues(sqs(), {
  high: env.highQueue,
  normal: env.normalQueue,
  low: env.lowQueue,
});
const logger = createLogger('fan-out');
const metrics = createMetrics('fan-out');

const ports = {
  now,
  event: (applicationId: string, eventId: string) => events.get(applicationId, eventId, { consistent: true }),
  segment: events.segment,
  hold: deliveries.store,
  queue,
};

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(publishMetrics(metrics))
  .handler((event: SQSEvent) =>
    handleBatch(
      event,
      async (record) => {
        await handleSegment(record.body, receiveCountOf(record), ports);
        return true;
      },
      async (record, error) => {
        logger.error('segment postponed', { messageId: record.messageId, ...errorFields(error) });
        metrics.addMetric('FanOutTrouble', 'Count', 1);
      },
    ),
  );
