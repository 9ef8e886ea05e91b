import { randomBytes } from 'node:crypto';
import { dynamoDb, sqs } from '../adapters/aws-clients.ts';
import { createRoutingStore } from '../adapters/dynamodb/config/routing-store.ts';
import { createTokenStore } from '../adapters/dynamodb/config/token-store.ts';
import { createDeliveryStore } from '../adapters/dynamodb/events/delivery-store.ts';
import { createEventStore } from '../adapters/dynamodb/events/event-store.ts';
import { createPriorityQueues } from '../adapters/sqs/priority-queues.ts';
import { createQueue } from '../adapters/sqs/queue.ts';
import { createLogger, createMetrics, reportRefused } from '../adapters/telemetry/telemetry.ts';
import { createIds } from '../core/ids.ts';
import { createRoutingCache } from '../core/routing/routing-cache.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { createAuthenticate } from '../runtime/http/auth.ts';
import { createHttpFunction } from '../runtime/http/http-function.ts';
import { publishMetrics } from '../runtime/publish-metrics.ts';
import { type AcceptPorts, acceptEvents } from './accept.ts';
import { ingestVariables } from './env.ts';
import { reportAccepted } from './report.ts';
import { ingest } from './routes.ts';

const env = readEnvironment(ingestVariables, process.env);
const now = Date.now;
const client = dynamoDb();
const configTable = { client, tableName: env.configTable, now, random: Math.random };
const eventTable = {
  client,
  tableName: env.eventTable,
  now,
  random: Math.random,
  retentionDays: Number(env.retentionDays),
};
const sqsClient = sqs();
const fanOutQueue = createQueue({ client: sqsClient, queueUrl: env.fanOutQueue });
const ids = createIds({ now, randomBytes });
const deliveries = createDeliveryStore(eventTable);
const logger = createLogger('ingest');
const metrics = createMetrics('ingest');
// A quarter of the function's memory, so that one request's bodies and the SDK always find room.
const routingCacheBytes = (Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 512) * 1024 * 1024) / 4;
const routing = createRoutingCache({ source: createRoutingStore(configTable), maxBytes: routingCacheBytes });

const ports: AcceptPorts = {
  now,
  newEventId: ids.event,
  match: routing.match,
  events: createEventStore(eventTable),
  hold: deliveries.store,
  queue: createPriorityQueues(
    sqsClient,
    { high: env.highQueue, normal: env.normalQueue, low: env.lowQueue },
    reportRefused(logger, metrics),
  ),
  fanOut: async (messages) => {
    const { failed, cause } = await fanOutQueue.send(
      messages.map(({ body, groupId }) => ({ body, groupId })),
    );
    if (failed.length > 0) throw new Error(`the fan-out queue refused ${failed.length} segments`, { cause });
  },
};

const authenticate = createAuthenticate({ tokens: createTokenStore(configTable), now });

async function accept(...[applicationId, events]: Parameters<Parameters<typeof ingest>[1]['accept']>) {
  const startedAt = now();
  const accepted = await acceptEvents(applicationId, events, ports);
  if (accepted) reportAccepted(applicationId, accepted, now() - startedAt, logger, metrics);
  return accepted;
}

export const handler = createHttpFunction((request) => ingest(request, { authenticate, accept }), logger).use(
  publishMetrics(metrics),
);
