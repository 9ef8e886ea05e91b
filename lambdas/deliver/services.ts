import { randomUUID } from 'node:crypto';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { sqs } from '#adapters/aws/clients.ts';
import { until } from '#adapters/aws/deadline.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import { createReader, parseEncryptionMode } from '#adapters/dynamodb/endpoint/create-vault.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createSlotStore } from '#adapters/dynamodb/endpoint/slot-store.ts';
import { createSlowMarkStore } from '#adapters/dynamodb/endpoint/slow-mark-store.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { createTables } from '#adapters/dynamodb/table/tables.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { createLifecycle } from '#adapters/eventbridge/lifecycle.ts';
import { createSender } from '#adapters/http-client/guarded-request.ts';
import type { Environment } from '#adapters/lambda/environment.ts';
import { createDeadLetters, createDrainQueue } from '#adapters/sqs/queues.ts';
import { createPostpone } from '#adapters/sqs/receive.ts';
import { createSendOne } from '#adapters/sqs/send.ts';
import { createBacklog } from '#adapters/sqs/sizes.ts';
import { errorFields, MetricUnit, type Telemetry } from '#adapters/telemetry/telemetry.ts';
import { createAliveMemory } from '#core/circuit/alive-memory.ts';
import { createCache } from '#core/concurrency/cache.ts';
import { announceExpiry } from '#core/lifecycle/announce.ts';
import { createDisableEndpoint } from '#core/lifecycle/disable-endpoint.ts';
import type { Handled } from '#core/message/received.ts';
import type { TargetPolicy } from '#core/outbound/target-url.ts';
import type { deliverVariables } from './env.ts';
import { sendRequest } from './http.ts';
import { type DeliverPorts, parseQueueClass, type SlowEndpointPorts } from './ports.ts';
import { reportAttempt } from './report.ts';
import { createSharedEvents, createSharedLoad, createSharedReserve } from './shared-calls.ts';
import { createSlowMarks } from './slow-marks.ts';

type Env = Environment<typeof deliverVariables>;

// A few hundred bytes each. An instance that serves more endpoints at a time sees little of any of them.
const endpointsRemembered = 2_000;
// Milliseconds for calls that only choose the queue of a delivery.
const advisoryTimeout = 2_000;
const now = Date.now;

export function buildServices(env: Env, policy: TargetPolicy, telemetry: Telemetry): DeliverPorts {
  const { logger, metrics } = telemetry;
  const { configTable, eventTable } = createTables(env);
  const credentials = createReader(parseEncryptionMode(env.encryption), env.credentialsKey);
  const endpoints = createEndpointReader(configTable, credentials);
  const attention = createAttentionStore(configTable);
  const client = sqs();
  const sendToRetryQueue = createSendOne({ client, queueUrl: env.retryQueue });
  const sendToSlowQueue = createSendOne({ client, queueUrl: env.slowQueue });
  const lifecycle = createLifecycle(env.bus, attention);
  const sender = createSender({ policy });
  const handledOnce = createCache<Handled>({});

  return {
    ...slowEndpoints(env, { configTable, client }, telemetry),
    version: env.version,
    deployment: env.deployment,
    shortestDelay: Number(env.shortestRetryDelay),
    random: Math.random,
    newClaimId: randomUUID,
    once: (key, handle) => handledOnce(key, now(), handle),
    sleep: (delay) => new Promise((resolve) => setTimeout(resolve, Math.max(0, delay))),
    endpoint: createSharedLoad(endpoints.load),
    deliveries: createDeliveryStore(eventTable),
    event: createSharedEvents(createEventStore(eventTable).get, now),
    send: (request) => sendRequest(sender, request, now),
    reserve: createSharedReserve(createSlotStore(configTable)),
    wake: (body, delay) => sendToRetryQueue({ body, groupId: body.endpointId, delay }),
    divert: async (body) => {
      await sendToSlowQueue({ body, groupId: body.endpointId, delay: 0 });
      metrics.addMetric('DeliveriesDiverted', MetricUnit.Count, 1);
    },
    sendAgain: ({ body, groupId }, delay) => sendToRetryQueue({ body, groupId, delay }),
    onCredentialsUnavailable: (message, error) => {
      const { applicationId, endpointId, eventId } = message;
      const of = { applicationId, endpointId, eventId };
      logger.error('delivery delayed: its credentials cannot be read', { ...of, ...errorFields(error) });
      metrics.addMetric('DeliverErrors', MetricUnit.Count, 1);
    },
    deadLetter: createDeadLetters(client, env.deadLetterQueue, lifecycle),
    expired: (delivery) => announceExpiry(lifecycle, delivery),
    disable: createDisableEndpoint({ attention, config: endpoints, announce: lifecycle.announce, now }),
    circuits: {
      store: createCircuitStore(configTable).store,
      watch: attention.watch,
      drain: createDrainQueue(client, env.fanOutQueue),
      announce: (type, { applicationId, endpointId }, epoch) =>
        lifecycle.announce({ type, applicationId, endpointId, epoch }),
      ...createAliveMemory(endpointsRemembered),
    },
    postpone: createPostpone({ client, queueUrl: env.ownQueue }),
    report: (attempt) => reportAttempt(attempt, logger, metrics),
  };
}

function slowEndpoints(
  env: Env,
  { configTable, client }: { readonly configTable: ConfigTable; readonly client: SQSClient },
  { logger, metrics }: Telemetry,
): SlowEndpointPorts {
  const within = <Result>(work: () => Promise<Result>) => until(now() + advisoryTimeout, work);
  const { mark } = createSlowMarkStore(configTable);
  const backlog = createBacklog({ client, queueUrl: env.ownQueue, now });
  return {
    queueClass: parseQueueClass(env.queueClass),
    now,
    after: (delay, ring) => {
      const timer = setTimeout(ring, delay);
      return () => clearTimeout(timer);
    },
    markSlow: createSlowMarks({
      now,
      capacity: endpointsRemembered,
      mark: (endpointId, wanted) => within(() => mark(endpointId, wanted)),
      failed: (endpointId, error) => {
        logger.warn('could not mark a slow endpoint', { endpointId, ...errorFields(error) });
        metrics.addMetric('SlowMarkErrors', MetricUnit.Count, 1);
      },
    }),
    waiting: async () => {
      try {
        return await within(backlog);
      } catch (error) {
        logger.warn('could not count the waiting messages', errorFields(error));
        return 0;
      }
    },
  };
}
