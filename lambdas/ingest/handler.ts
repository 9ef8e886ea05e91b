import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { dynamoDb, sqs } from '#adapters/aws/clients.ts';
import { until } from '#adapters/aws/deadline.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createSchemaReader } from '#adapters/dynamodb/event-type/schema-reader.ts';
import { createIdempotencyStore } from '#adapters/dynamodb/idempotency/idempotency-store.ts';
import { createRoutingStore } from '#adapters/dynamodb/routing/routing-store.ts';
import { createTokenBudgetStore } from '#adapters/dynamodb/token/token-budget-store.ts';
import { createTokenStore } from '#adapters/dynamodb/token/token-store.ts';
import { createAuthenticate } from '#adapters/http-api/auth.ts';
import { createHttpFunction } from '#adapters/http-api/http-function.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { publishMetrics } from '#adapters/lambda/publish-metrics.ts';
import { createPriorityQueues } from '#adapters/sqs/queues.ts';
import { createSend } from '#adapters/sqs/send.ts';
import { createLogger, createMetrics, errorFields, reportRefused } from '#adapters/telemetry/telemetry.ts';
import { createTypeCheck } from '#core/event-type/type-check.ts';
import { createIds } from '#core/id/ids.ts';
import { createRoutingCache } from '#core/routing/routing-cache.ts';
import { type AcceptPorts, acceptEvents } from './accept.ts';
import { createAdmission } from './admission.ts';
import { acceptWithin, endWithin, queueWithin, rateWithin } from './deadlines.ts';
import { ingestVariables } from './env.ts';
import { type OncePorts, once } from './once.ts';
import { reportOutcomes } from './report.ts';
import { type IngestPorts, ingest } from './routes.ts';

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
const sendFanOut = createSend({ client: sqsClient, queueUrl: env.fanOutQueue });
const ids = createIds({ now, randomBytes });
const deliveries = createDeliveryStore(eventTable);
const logger = createLogger('ingest');
const metrics = createMetrics('ingest', env.deployment);
// A quarter of the function's memory, so that one request's bodies and the SDK always find room.
const routingCacheBytes = (Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 512) * 1024 * 1024) / 4;
// Measured heap: a compiled schema takes some 16 bytes for each of its characters.
const schemaCharacters = 1024 * 1024;
const routing = createRoutingCache({
  source: createRoutingStore(configTable),
  maxBytes: routingCacheBytes,
  checkType: createTypeCheck({ load: createSchemaReader(configTable), maxCharacters: schemaCharacters }),
  onOversized: (applicationId, bytes) =>
    logger.warn('an application has more routes than the cache has room for: raise memory.ingest', {
      ...{ applicationId, bytes, maxBytes: routingCacheBytes },
    }),
  onUndecided: (applicationId, eventId, endpointIds) => {
    metrics.addMetric('EndpointsUndecided', MetricUnit.Count, endpointIds.length);
    logger.error(
      'an event is refused: filters of endpoints would take too long to say whether they want it',
      {
        ...{ applicationId, eventId, endpoints: endpointIds.length, endpointIds: endpointIds.slice(0, 20) },
      },
    );
  },
});

const events = createEventStore(eventTable);
const queues = createPriorityQueues(
  sqsClient,
  { high: env.highQueue, normal: env.normalQueue, low: env.lowQueue },
  reportRefused({ logger, metrics }),
);

const acceptPorts: AcceptPorts = {
  now,
  match: routing.match,
  events: {
    ...events,
    get: (applicationId, eventId) => events.get(applicationId, eventId, { consistent: true }),
  },
  hold: deliveries.store,
  queue: (priority, messages) => until(now() + queueWithin, () => queues(priority, messages)),
  fanOut: async (messages) => {
    const { failed, cause } = await until(now() + queueWithin, () => sendFanOut(messages));
    if (failed.length > 0) logger.warn('the fan-out queue refused segments', errorFields(cause));
    return failed.flatMap((index) => messages[index] ?? []);
  },
};

const oncePorts: OncePorts = {
  now,
  random: Math.random,
  sleep,
  keys: createIdempotencyStore(eventTable),
  troubled: (what, error) => logger.warn(`could not note ${what}`, errorFields(error)),
};

const tokens = createTokenStore(configTable);
const authenticate = createAuthenticate({
  tokens,
  now,
  used: (hash, at) =>
    void tokens
      .touch(hash, at)
      .catch((error: unknown) => logger.warn('the use of a token was not noted', errorFields(error))),
});

const budgets = createTokenBudgetStore(eventTable);
const admit = createAdmission({
  now,
  random: Math.random,
  sleep,
  take: (tokenId, taking) => until(now() + rateWithin, () => budgets.take(tokenId, taking)),
  troubled: (error) => logger.warn('a rate was not kept: its counter is away', errorFields(error)),
});

const portsOf = (startedAt: number): IngestPorts => ({
  now,
  authenticate,
  newEventId: ids.event,
  admit,
  accept: async (applicationId, posted, claim) => {
    const outcomes = await until(startedAt + acceptWithin, () =>
      acceptEvents(applicationId, posted, claim, acceptPorts),
    );
    reportOutcomes(applicationId, outcomes, now() - startedAt, logger, metrics);
    return outcomes;
  },
  once: (key, posted, work) => once(key, posted, work, oncePorts),
});

export const handler = createHttpFunction((request) => {
  const startedAt = now();
  return until(startedAt + endWithin, () => ingest(request, portsOf(startedAt)));
}, logger).use(publishMetrics(metrics));
