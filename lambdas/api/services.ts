import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sqs } from '#adapters/aws/clients.ts';
import { until } from '#adapters/aws/deadline.ts';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import { createVault, parseEncryptionMode } from '#adapters/dynamodb/endpoint/create-vault.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createRewriteCredentials } from '#adapters/dynamodb/endpoint/rewrite-credentials.ts';
import { createBeginTest } from '#adapters/dynamodb/endpoint/test-pause.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createEventTypeStore } from '#adapters/dynamodb/event-type/event-type-store.ts';
import { createStatisticsStore } from '#adapters/dynamodb/statistics/statistics-store.ts';
import { createTables } from '#adapters/dynamodb/table/tables.ts';
import { createTaskStart } from '#adapters/dynamodb/task/task-start.ts';
import { createTaskStore } from '#adapters/dynamodb/task/task-store.ts';
import { createTokenBudgetStore } from '#adapters/dynamodb/token/token-budget-store.ts';
import { createTokenStore } from '#adapters/dynamodb/token/token-store.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { createLifecycle } from '#adapters/eventbridge/lifecycle.ts';
import { createCountRequest } from '#adapters/http-api/count-request.ts';
import { createIpv6OnlyCheck } from '#adapters/http-client/ipv6-only.ts';
import type { Environment } from '#adapters/lambda/environment.ts';
import { createDrainQueue, createTaskQueue, createWake } from '#adapters/sqs/queues.ts';
import { createQueueSizes } from '#adapters/sqs/sizes.ts';
import { errorFields, type Logger } from '#adapters/telemetry/telemetry.ts';
import { type Limits, routeBytesIn } from '#core/application/limits.ts';
import type { EndpointReference } from '#core/endpoint/endpoint.ts';
import { createIds } from '#core/id/ids.ts';
import { targetPolicy } from '#core/outbound/target-policy.ts';
import { createRateLimiter } from '#core/rate-limit/limiter.ts';
import { createAttendedTasks } from './actions/attended-tasks.ts';
import { createInvokeTest } from './actions/invoke-test.ts';
import type { apiVariables } from './env.ts';

// The answer to a resume does not wait longer, because the scheduler starts a drain that this function did not.
const drainTimeout = 2_000;
// Without the counter of a token's requests by then, the request is let through.
const rateTimeout = 500;

/** What the routes use of the outside, made once at cold start. Tests replace what leads to queues and functions. */
export function buildServices(env: Environment<typeof apiVariables>, logger: Logger) {
  const now = Date.now;
  const { configTable, eventTable } = createTables(env);
  const policy = targetPolicy(process.env, { allowIpv6: env.ipv6 === 'true' });
  const limits: Limits = {
    endpoints: Number(env.endpointLimit),
    eventTypes: Number(env.eventTypeLimit),
    eventsPerSecond: Number(env.eventRateLimit),
    bytesPerDay: Number(env.dailyByteLimit),
  };
  const { endpoints, eventTypes } = limits;
  const bounds = { endpoints, eventTypes, routeBytes: routeBytesIn(Number(env.routingMemory)) };
  const sqsClient = sqs();
  const queueDrain = createDrainQueue(sqsClient, env.fanOutQueue);
  const attention = createAttentionStore(configTable);
  const { announce } = createLifecycle(env.bus, attention);
  const tokens = createTokenStore(configTable);
  const encryption = parseEncryptionMode(env.encryption);
  const vault = createVault(encryption, env.credentialsKey, configTable);
  const budgets = createTokenBudgetStore(eventTable);

  return {
    applications: createApplicationStore(configTable),
    endpoints: createEndpointStore(configTable, bounds, vault),
    rewriteCredentials: createRewriteCredentials(configTable, vault, encryption),
    eventTypes: createEventTypeStore(configTable, bounds),
    tokens,
    events: createEventStore(eventTable),
    deliveries: createDeliveryStore(eventTable),
    statistics: createStatisticsStore(eventTable),
    tasks: createAttendedTasks({
      tasks: {
        ...createTaskStore(eventTable),
        start: createTaskStart(eventTable),
        /** Queues the message that asks for the next step; rejects when the queue refuses it. */
        queueStep: createTaskQueue(sqsClient, env.redriveQueue),
      },
      now,
      onError: (task, error) =>
        logger.warn('step of a task not queued', { taskId: task.id, ...errorFields(error) }),
    }),
    /** Closes a circuit of this epoch; undefined when the epoch is over or the endpoint deleted. */
    closeCircuit: createCircuitStore(configTable).reset,
    watch: attention.watch,
    announceClosed: (endpoint: EndpointReference, epoch: number) =>
      announce({ type: 'circuit.closed', ...endpoint, epoch }),
    /** Notes a test, unless the endpoint or its application was tested too often just before. */
    beginTest: createBeginTest(configTable),
    testEndpoint: createInvokeTest(env.testFunction),
    /** Queues a wake-up of a delivery; rejects when the queue refuses it. */
    wake: createWake(sqsClient, env),
    /** Starts to release what was held for an endpoint. Never rejects, because the scheduler starts what this did not. */
    async drain(endpoint: EndpointReference): Promise<void> {
      try {
        await Promise.race([queueDrain(endpoint), sleep(drainTimeout, undefined, { ref: false })]);
      } catch (error) {
        logger.warn('drain not started; the scheduler starts it', { ...endpoint, ...errorFields(error) });
      }
    },
    /** How many messages the queues of the deployment hold. */
    queueSizes: createQueueSizes(sqsClient, {
      high: env.highQueue,
      normal: env.normalQueue,
      low: env.lowQueue,
      retry: env.retryQueue,
      slow: env.slowQueue,
      'fan-out': env.fanOutQueue,
      redrive: env.redriveQueue,
      'dead-letter': env.deadLetterQueue,
      quarantine: env.quarantineQueue,
    }),
    /** Notes when a token was used. Nothing waits for it, and it never throws. */
    tokenUsed: (hash: string, at: number): void =>
      void tokens
        .touch(hash, at)
        .catch((error: unknown) => logger.warn('use of a token not recorded', errorFields(error))),
    countRequest: createCountRequest(
      createRateLimiter({
        ...{ now, sleep, random: Math.random },
        take: (key, taking) => until(now() + rateTimeout, () => budgets.take(key, taking)),
        onError: (error) => logger.warn('rate limit not enforced: counter unavailable', errorFields(error)),
      }),
      { perSecond: Number(env.requestRateLimit) },
    ),
    loadRegex: async () => (await import('#core/regex/re2.ts')).re2,
    targetPolicy: policy,
    /** Whether a name has addresses, and none that this deployment reaches. */
    isIpv6Only: policy.allowIpv6 ? async () => false : createIpv6OnlyCheck(),
    /** The hosts of this API, at which endpoints may not point; none when an operator allows it. */
    mayTurnCircuitsOff: env.circuitOff === 'allow',
    ownHosts: env.ownTargets === 'allow' ? undefined : env.ownHosts.split(','),
    ids: createIds({ now, randomBytes }),
    now,
    randomBytes: (count: number): Uint8Array => randomBytes(count),
    /** The limits of applications for which an operator set none. */
    limits,
    retentionDays: eventTable.retentionDays,
  };
}

export type Services = ReturnType<typeof buildServices>;

/** Some methods of a service, where a test passes no more than these. */
export type Uses<Name extends keyof Services, Method extends keyof Services[Name]> = {
  readonly [Used in Name]: Pick<Services[Used], Method & keyof Services[Used]>;
};
