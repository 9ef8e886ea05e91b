import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { dynamoDb, eventBridge, sqs } from '#adapters/aws/clients.ts';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createBeginTest } from '#adapters/dynamodb/endpoint/test-pause.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createEventTypeStore } from '#adapters/dynamodb/event-type/event-type-store.ts';
import { createStatsStore } from '#adapters/dynamodb/statistics/statistics-store.ts';
import { createTaskStart } from '#adapters/dynamodb/task/task-start.ts';
import { createTaskStore } from '#adapters/dynamodb/task/task-store.ts';
import { createTokenStore } from '#adapters/dynamodb/token/token-store.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { createLifecycle } from '#adapters/eventbridge/lifecycle.ts';
import { createHttpFunction } from '#adapters/http-api/http-function.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { createDrainQueue } from '#adapters/sqs/drain-queue.ts';
import { createQueueSizes } from '#adapters/sqs/queue-sizes.ts';
import { createTaskQueue } from '#adapters/sqs/task-queue.ts';
import { createWake } from '#adapters/sqs/wake.ts';
import { createLogger, errorFields } from '#adapters/telemetry/telemetry.ts';
import { routeBytesIn } from '#core/application/limits.ts';
import { isTestOutcome } from '#core/endpoint-test/endpoint-test.ts';
import { createIds } from '#core/id/ids.ts';
import { createAnnounce } from '#core/lifecycle/announce.ts';
import { targetPolicy } from '#core/outbound/target-policy.ts';
import { createAttendedTasks } from './actions/attended-tasks.ts';
import { resetCircuit } from './actions/reset-circuit.ts';
import { createApi } from './api.ts';
import { apiVariables } from './env.ts';

const env = readEnvironment(apiVariables, process.env);
const now = Date.now;
const client = dynamoDb();
const configTable = { client, tableName: env.configTable, now, random: Math.random };
const retentionDays = Number(env.retentionDays);
const eventTable = { client, tableName: env.eventTable, now, random: Math.random, retentionDays };
const limits = { endpoints: Number(env.endpointLimit), eventTypes: Number(env.eventTypeLimit) };
const bounds = { ...limits, routeBytes: routeBytesIn(Number(env.routingMemory)) };
const deliveries = createDeliveryStore(eventTable);
const urls = { high: env.highQueue, normal: env.normalQueue, low: env.lowQueue, retry: env.retryQueue };
const sqsClient = sqs();
const wake = createWake(sqsClient, urls);
const queueDrain = createDrainQueue(sqsClient, env.fanOutQueue);
const lifecycle = createLifecycle({ client: eventBridge(), bus: env.bus });
const attention = createAttentionStore(configTable);
const announce = createAnnounce(lifecycle, attention);
const circuits = createCircuitStore(configTable);
const tokens = createTokenStore(configTable);
// A test takes up to 20 s and its function may have to start; this one ends after 29.
const testPatience = 26_000;
let invoke: Promise<(event: object) => Promise<unknown>> | undefined;

/** Lambda's client is loaded for the first test: few instances ever make one. */
async function invokeTest(test: object): Promise<unknown> {
  invoke ??= import('#adapters/lambda/invoke.ts').then(({ createInvoke }) =>
    createInvoke(env.testFunction, testPatience),
  );
  return (await invoke)(test);
}

const logger = createLogger('api');

// The answer to a resume waits no longer than this.
const drainPatience = 2_000;

async function drain(endpoint: Parameters<typeof queueDrain>[0]): Promise<void> {
  try {
    await Promise.race([queueDrain(endpoint), sleep(drainPatience, undefined, { ref: false })]);
  } catch (error) {
    logger.warn('a drain was not begun; the scheduler will', { ...endpoint, ...errorFields(error) });
  }
}

const respond = createApi({
  applications: createApplicationStore(configTable),
  endpoints: createEndpointStore(configTable, bounds),
  tokens,
  tokenUsed: (hash, at) =>
    void tokens
      .touch(hash, at)
      .catch((error: unknown) => logger.warn('the use of a token was not noted', errorFields(error))),
  eventTypes: createEventTypeStore(configTable, bounds),
  events: createEventStore(eventTable),
  deliveries,
  stats: createStatsStore(eventTable),
  queueSizes: createQueueSizes(sqsClient, {
    ...urls,
    slow: env.slowQueue,
    'fan-out': env.fanOutQueue,
    redrive: env.redriveQueue,
    'dead-letter': env.deadLetterQueue,
    quarantine: env.quarantineQueue,
  }),
  tasks: createAttendedTasks({
    tasks: {
      ...createTaskStore(eventTable),
      start: createTaskStart(eventTable),
      queueStep: createTaskQueue(sqsClient, env.redriveQueue),
    },
    now,
    troubled: (task, error) =>
      logger.warn('a step was not asked for', { taskId: task.id, ...errorFields(error) }),
  }),
  wake,
  ids: createIds({ now, randomBytes }),
  now,
  randomBytes,
  targetPolicy: targetPolicy(process.env),
  loadRegex: async () => (await import('#core/regex/re2.ts')).re2,
  drain,
  resetCircuit: (record) =>
    resetCircuit(record, {
      watch: attention.watch,
      reset: circuits.reset,
      announceClosed: (endpoint, epoch) => announce({ type: 'circuit.closed', ...endpoint, epoch }),
      drain,
    }),
  beginTest: createBeginTest(configTable),
  testEndpoint: async (test) => {
    const outcome = await invokeTest(test);
    if (isTestOutcome(outcome)) return outcome;
    throw new Error(
      'the deliver function answered a test with something else: deploy both by the same release',
    );
  },
  readAsset: (name) => readFile(new URL(`./reference/${name}`, import.meta.url)),
  onUnhealthy: (error) => logger.warn('unhealthy', errorFields(error)),
  version: env.version,
  retentionDays,
  limits,
});

export const handler = createHttpFunction(respond, logger);
