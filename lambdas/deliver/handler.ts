import { randomUUID } from 'node:crypto';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoDb, sqs } from '#adapters/aws/clients.ts';
import { until } from '#adapters/aws/deadline.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createSlotStore } from '#adapters/dynamodb/endpoint/slot-store.ts';
import { createSlowMarkStore } from '#adapters/dynamodb/endpoint/slow-mark-store.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { createLifecycle } from '#adapters/eventbridge/lifecycle.ts';
import { createSender } from '#adapters/http-client/guarded-request.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { publishMetrics } from '#adapters/lambda/publish-metrics.ts';
import { handleBatch, postponeOnError } from '#adapters/lambda/sqs-batch.ts';
import { createDeadLetters, createDrainQueue } from '#adapters/sqs/queues.ts';
import { createPostpone } from '#adapters/sqs/receive.ts';
import { createSendOne } from '#adapters/sqs/send.ts';
import { createBacklog } from '#adapters/sqs/sizes.ts';
import { createLogger, createMetrics, errorFields, MetricUnit } from '#adapters/telemetry/telemetry.ts';
import { createAliveMemory } from '#core/circuit/alive-memory.ts';
import {
  type EndpointTest,
  type EndpointTestOutcome,
  isEndpointTest,
} from '#core/endpoint-test/endpoint-test.ts';
import { announceExpiry } from '#core/lifecycle/announce.ts';
import { createDisableEndpoint } from '#core/lifecycle/disable-endpoint.ts';
import { targetPolicy } from '#core/outbound/target-policy.ts';
import { testEndpoint } from './endpoint-test.ts';
import { deliverVariables } from './env.ts';
import { handleRecord } from './handle-message.ts';
import { sendRequest } from './http.ts';
import { type DeliverPorts, parseQueueClass } from './ports.ts';
import { reportAttempt, reportTest } from './report.ts';
import { createSharedEvents, createSharedLoad, createSharedReserve } from './shared-calls.ts';
import { createSlowMarks } from './slow-marks.ts';
import type { SlowEndpointPorts } from './watched-request.ts';

const env = readEnvironment(deliverVariables, process.env);
const now = Date.now;
const tables = { client: dynamoDb(), now, random: Math.random, retentionDays: Number(env.retentionDays) };
const configTable = { ...tables, tableName: env.configTable };
const config = createEndpointReader(configTable);
const attention = createAttentionStore(configTable);
const slowMarks = createSlowMarkStore(configTable);
const deliveries = createDeliveryStore({ ...tables, tableName: env.eventTable });
const events = createEventStore({ ...tables, tableName: env.eventTable });
const sqsClient = sqs();
const postpone = createPostpone({ client: sqsClient, queueUrl: env.ownQueue });
const sendToRetryQueue = createSendOne({ client: sqsClient, queueUrl: env.retryQueue });
const sendToSlowQueue = createSendOne({ client: sqsClient, queueUrl: env.slowQueue });
const lifecycle = createLifecycle(env.bus, attention);
const sender = createSender({ policy: targetPolicy(process.env) });
const logger = createLogger('deliver');
const metrics = createMetrics('deliver', env.deployment);
// A few hundred bytes each; an instance that serves more endpoints at a time sees little of any of them.
const endpointsRemembered = 2_000;

// What decides where a delivery is made is worth no more of a function's time.
const advisoryTimeout = 2_000;

const backlog = createBacklog({ client: sqsClient, queueUrl: env.ownQueue, now });
const hanging: SlowEndpointPorts = {
  queueClass: parseQueueClass(env.queueClass),
  now,
  after: (delay, ring) => {
    const timer = setTimeout(ring, delay);
    return () => clearTimeout(timer);
  },
  markSlow: createSlowMarks({
    ...{ now, capacity: endpointsRemembered },
    mark: (endpointId, mark) => until(now() + advisoryTimeout, () => slowMarks.mark(endpointId, mark)),
    failed: (endpointId, error) => {
      logger.warn('an endpoint that is slow could not be marked', { endpointId, ...errorFields(error) });
      metrics.addMetric('SlowMarkErrors', MetricUnit.Count, 1);
    },
  }),
  waiting: async () => {
    try {
      return await until(now() + advisoryTimeout, backlog);
    } catch (error) {
      logger.warn('it is not known whether messages wait', errorFields(error));
      return 0;
    }
  },
};
const load = createSharedLoad(config);
const reserve = createSharedReserve(createSlotStore(configTable));

const ports: DeliverPorts = {
  version: env.version,
  random: Math.random,
  newClaimId: randomUUID,
  endpoint: (endpointId, { consistent }) => load(endpointId, consistent),
  deliveries,
  event: createSharedEvents(events.get, now),
  send: (request) => sendRequest(sender, request, now),
  ...hanging,
  sleep: (delay) => new Promise((resolve) => setTimeout(resolve, Math.max(0, delay))),
  reserve,
  divert: async (body) => {
    await sendToSlowQueue({ body, groupId: body.endpointId, delay: 0 });
    metrics.addMetric('DeliveriesDiverted', MetricUnit.Count, 1);
  },
  wake: (body, delay) => sendToRetryQueue({ body, groupId: body.endpointId, delay }),
  sendAgain: ({ body, groupId }, delay) => sendToRetryQueue({ body, groupId, delay }),
  deadLetter: createDeadLetters(sqsClient, env.deadLetterQueue, lifecycle),
  expired: (delivery) => announceExpiry(lifecycle, delivery),
  disable: createDisableEndpoint({ attention, config, announce: lifecycle.announce, now }),
  circuits: {
    apply: createCircuitStore(configTable).apply,
    watch: attention.watch,
    drain: createDrainQueue(sqsClient, env.fanOutQueue),
    announce: (type, { applicationId, endpointId }, epoch) =>
      lifecycle.announce({ type, applicationId, endpointId, epoch }),
    ...createAliveMemory(endpointsRemembered),
  },
  postpone,
  report: (attempt) => reportAttempt(attempt, logger, metrics),
};

const onError = postponeOnError({ logger, metrics, metric: 'DeliverErrors', postpone });

const test = (event: EndpointTest) =>
  testEndpoint(event, ports, (tested, result) => reportTest(tested, result, logger));

export const handler = middy<SQSEvent | EndpointTest, SQSBatchResponse | EndpointTestOutcome>()
  .use(publishMetrics(metrics))
  .handler((event: SQSEvent | EndpointTest) => {
    if (isEndpointTest(event)) return test(event);
    return handleBatch(event, (received) => handleRecord(received, ports), onError);
  });
