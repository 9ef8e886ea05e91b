import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { dynamoDb, sqs } from '#adapters/aws/clients.ts';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createPassStore } from '#adapters/dynamodb/event/sweep-store.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { publishMetrics } from '#adapters/lambda/publish-metrics.ts';
import { createPriorityQueues } from '#adapters/sqs/queues.ts';
import { createLogger, createMetrics, errorFields, reportRefused } from '#adapters/telemetry/telemetry.ts';
import { reconcileVariables } from './env.ts';
import { requestedSince } from './request.ts';
import { reconcile, type WalkPorts } from './sweep.ts';

const env = readEnvironment(reconcileVariables, process.env);
const now = Date.now;
const retentionDays = Number(env.retentionDays);
const tables = { client: dynamoDb(), now, random: Math.random, retentionDays };
const eventTable = { ...tables, tableName: env.eventTable };
const deliveries = createDeliveryStore(eventTable);
const events = createEventStore(eventTable);
const logger = createLogger('reconcile');
const metrics = createMetrics('reconcile', env.deployment);
const urls = { high: env.highQueue, normal: env.normalQueue, low: env.lowQueue };
const queue = createPriorityQueues(sqs(), urls, reportRefused(logger, metrics));
const day = 24 * 60 * 60 * 1_000;
// What is left of an invocation then is enough to finish the page at hand.
const reserve = 60_000;

const ports = (context: Context): WalkPorts => ({
  now,
  hasTime: () => context.getRemainingTimeInMillis() > reserve,
  retention: retentionDays * day,
  applications: createApplicationStore({ ...tables, tableName: env.configTable }).list,
  events: events.list,
  event: events.get,
  segment: events.segment,
  without: deliveries.without,
  passes: createPassStore(eventTable),
  hold: deliveries.store,
  queue,
});

/**
 * Invoked once an hour, works once a day. `{"since": "<ISO 8601>"}` begins a new pass at once, as is needed after a
 * restore of the event table.
 *
 * @returns what the log line says
 */
export const handler = middy<unknown, Awaited<ReturnType<typeof reconcile>>>()
  .use(publishMetrics(metrics))
  .handler(async (payload: unknown, context: Context) => {
    try {
      const outcome = await reconcile(ports(context), requestedSince(payload));
      if (outcome) {
        metrics.addMetric('DeliveriesReconciled', MetricUnit.Count, outcome.queued);
        logger.info('reconciled', outcome);
      }
      return outcome;
    } catch (error) {
      logger.error('the pass stopped; the next hour goes on with it', errorFields(error));
      throw error;
    }
  });
