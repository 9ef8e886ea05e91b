import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { sqs } from '#adapters/aws/clients.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { openDeliveries } from '#adapters/dynamodb/delivery/open-deliveries.ts';
import { createOutlineReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createUnroute } from '#adapters/dynamodb/endpoint/unroute.ts';
import { createPurgeStore } from '#adapters/dynamodb/purge/purge-store.ts';
import { createRoutingStore } from '#adapters/dynamodb/routing/routing-store.ts';
import { createTables } from '#adapters/dynamodb/table/tables.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { createLifecycle } from '#adapters/eventbridge/lifecycle.ts';
import type { Environment } from '#adapters/lambda/environment.ts';
import { createDrainQueue, createWake } from '#adapters/sqs/queues.ts';
import { errorFields, type Telemetry } from '#adapters/telemetry/telemetry.ts';
import { announceExpiry } from '#core/lifecycle/announce.ts';
import type { schedulerVariables } from './env.ts';
import { shouldPack } from './packing.ts';
import { purgeApplication } from './purge.ts';
import type { TickPorts } from './tick.ts';

const pageSize = 100;
// As many as one query reads (1 MB), so that the deliveries of few endpoints do not fill a page.
const dueAtOnce = 5_000;

export function buildServices(
  env: Environment<typeof schedulerVariables>,
  { logger, metrics }: Telemetry,
): Omit<TickPorts, 'hasTime'> {
  const now = Date.now;
  const { configTable, eventTable } = createTables(env);
  const deliveries = createDeliveryStore(eventTable);
  const reader = createOutlineReader(configTable);
  const unroute = createUnroute(configTable);
  const routing = createRoutingStore(configTable);
  const attention = createAttentionStore(configTable);
  const lifecycle = createLifecycle(env.bus, attention);
  const removal = createPurgeStore(configTable);
  const client = sqs();
  return {
    now,
    random: Math.random,
    deliveries,
    wake: createWake(client, env),
    due: (shard, until, after) => deliveries.due(shard, until, { after, limit: dueAtOnce }),
    held: (endpointId, shard, { after, limit = pageSize, until }) =>
      deliveries.held(endpointId, shard, { after, limit }, until),
    newestHeld: deliveries.newestHeld,
    drain: createDrainQueue(client, env.fanOutQueue),
    unroute: ({ endpoint }) => unroute(endpoint.id),
    expired: (delivery) => announceExpiry(lifecycle, delivery),
    announce: lifecycle.announce,
    attention,
    endpoint: (endpointId) => reader.load(endpointId, { consistent: true }),
    pack: async (entry, hasTime) =>
      shouldPack(entry, now()) && (await routing.pack(entry.applicationId, hasTime)) !== 'late',
    purge: (applicationId, hasTime) =>
      purgeApplication(applicationId, {
        now,
        hasTime,
        deliveries,
        removal,
        openDeliveries: (endpointId, from) => openDeliveries(eventTable, endpointId, from),
        dead: (id, shard, after) => deliveries.deadBy(id, shard, now(), { after, limit: pageSize }),
      }),
    onError: (part, error) => {
      logger.error('a part of the tick failed', { part, ...errorFields(error) });
      metrics.addMetric('SchedulerErrors', MetricUnit.Count, 1);
    },
  };
}
