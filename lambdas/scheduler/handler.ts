import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { dynamoDb, eventBridge, sqs } from '#adapters/aws/clients.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { openDeliveries } from '#adapters/dynamodb/delivery/open-deliveries.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createPurgeStore } from '#adapters/dynamodb/purge/purge-store.ts';
import { createRoutingStore } from '#adapters/dynamodb/routing/routing-store.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { createLifecycle } from '#adapters/eventbridge/lifecycle.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { publishMetrics } from '#adapters/lambda/publish-metrics.ts';
import { createDrainQueue, createWake } from '#adapters/sqs/queues.ts';
import { createLogger, createMetrics, errorFields } from '#adapters/telemetry/telemetry.ts';
import { createAnnounce } from '#core/lifecycle/announce.ts';
import { schedulerVariables } from './env.ts';
import { shouldPack } from './packing.ts';
import { purgeApplication } from './purge.ts';
import { type TickPorts, tick } from './tick.ts';

const env = readEnvironment(schedulerVariables, process.env);
const now = Date.now;
const table = { client: dynamoDb(), now, random: Math.random, retentionDays: Number(env.retentionDays) };
const eventTable = { ...table, tableName: env.eventTable };
const deliveries = createDeliveryStore(eventTable);
const configTable = { ...table, tableName: env.configTable };
const targets = createEndpointReader(configTable);
const routing = createRoutingStore(configTable);
const attention = createAttentionStore(configTable);
const endpoints = createEndpointStore(configTable);
const lifecycle = createLifecycle({ client: eventBridge(), bus: env.bus });
const doomed = createPurgeStore(configTable);
const drain = createDrainQueue(sqs(), env.fanOutQueue);
const wake = createWake(sqs(), {
  high: env.highQueue,
  normal: env.normalQueue,
  low: env.lowQueue,
  retry: env.retryQueue,
});
const logger = createLogger('scheduler');
const metrics = createMetrics('scheduler', env.deployment);
const pageSize = 100;
// Of what is due in a shard, what one query reads (1 MB): among so many, everybody gets a turn.
const dueAtOnce = 5_000;
// What is left of an invocation then is enough to finish the page at hand.
const reserve = 10_000;

const ports = (context: Context): TickPorts => ({
  now,
  random: Math.random,
  hasTime: () => context.getRemainingTimeInMillis() > reserve,
  deliveries,
  wake,
  due: (shard, until, after) => deliveries.due(shard, until, { after, limit: dueAtOnce }),
  held: (endpointId, shard, { after, limit = pageSize, until } = {}) =>
    deliveries.held(endpointId, shard, { after, limit }, until),
  drain,
  unroute: async ({ endpoint }) => {
    // Nothing is edited: the store compares the route with the state, and a disabled endpoint has none.
    await endpoints.update(endpoint.applicationId, endpoint.id, (record) => record);
  },
  expired: ({ applicationId, endpointId, eventId, generation }) =>
    lifecycle.publish({
      ...{ type: 'delivery.cancelled', applicationId, endpointId, eventId, generation, reason: 'expired' },
    }),
  announce: createAnnounce(lifecycle, attention),
  attention,
  endpoint: (endpointId) => targets.load(endpointId, { consistent: true }),
  pack: async (entry, hasTime) =>
    shouldPack(entry, now()) && (await routing.pack(entry.applicationId, hasTime)) !== 'late',
  purge: (applicationId) =>
    purgeApplication(applicationId, {
      now,
      hasTime: () => context.getRemainingTimeInMillis() > reserve,
      deliveries,
      doomed,
      openDeliveries: (endpointId, from) => openDeliveries(eventTable, endpointId, from),
      dead: (id, shard, after) => deliveries.deadBy(id, shard, now(), { after, limit: pageSize }),
    }),
  troubled: (part, error) => {
    logger.error('a part of the tick failed', { part, ...errorFields(error) });
    metrics.addMetric('SchedulerErrors', MetricUnit.Count, 1);
  },
});

export const handler = middy<ScheduledEvent, void>()
  .use(publishMetrics(metrics))
  .handler(async (_event: ScheduledEvent, context: Context) => {
    const { released } = await tick(ports(context));
    metrics.addMetric('DeliveriesReleased', MetricUnit.Count, released);
    logger.info('tick', { released });
  });
