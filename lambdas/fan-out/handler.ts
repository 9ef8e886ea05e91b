import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoDb, sqs } from '../adapters/aws-clients.ts';
import { createDeliveryStore } from '../adapters/dynamodb/events/delivery-store.ts';
import { createEventStore } from '../adapters/dynamodb/events/event-store.ts';
import { createOwnQueue } from '../adapters/sqs/own-queue.ts';
import { createPriorityQueues } from '../adapters/sqs/priority-queues.ts';
import { createLogger, createMetrics, reportRefused } from '../adapters/telemetry/telemetry.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { publishMetrics } from '../runtime/publish-metrics.ts';
import { groupOf, handleBatch, postponeTroubled, receiveCountOf } from '../runtime/sqs-batch.ts';
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
const client = sqs();
const own = createOwnQueue({ client, queueUrl: env.ownQueue });
const logger = createLogger('fan-out');
const metrics = createMetrics('fan-out');
const urls = { high: env.highQueue, normal: env.normalQueue, low: env.lowQueue };
const troubled = postponeTroubled({ logger, metrics, metric: 'FanOutTrouble', postpone: own.postpone });

const ports = {
  now,
  event: (applicationId: string, eventId: string) => events.get(applicationId, eventId, { consistent: true }),
  segment: events.segment,
  hold: deliveries.store,
  queue: createPriorityQueues(client, urls, reportRefused(logger, metrics)),
};

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(publishMetrics(metrics))
  .handler((event: SQSEvent) =>
    handleBatch(
      event,
      async (record) => {
        const sendAgain = (body: string, delay: number) =>
          own.sendAgain(body, groupOf(record).groupId, delay);
        await handleSegment(record.body, receiveCountOf(record), { ...ports, sendAgain });
        return true;
      },
      troubled,
    ),
  );
