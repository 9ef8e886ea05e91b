import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { dynamoDb, eventBridge, sqs } from '../adapters/aws-clients.ts';
import { createApplicationStore } from '../adapters/dynamodb/config/application-store.ts';
import { createAttentionStore } from '../adapters/dynamodb/config/attention-store.ts';
import { createCircuitStore } from '../adapters/dynamodb/config/circuit-store.ts';
import { createEndpointStore } from '../adapters/dynamodb/config/endpoint-store.ts';
import { createTokenStore } from '../adapters/dynamodb/config/token-store.ts';
import { createDeliveryStore } from '../adapters/dynamodb/events/delivery-store.ts';
import { createEventStore } from '../adapters/dynamodb/events/event-store.ts';
import { createTaskStore } from '../adapters/dynamodb/events/task-store.ts';
import { createLifecycle } from '../adapters/eventbridge/lifecycle.ts';
import { createDrainQueue } from '../adapters/sqs/drain-queue.ts';
import { createTaskQueue } from '../adapters/sqs/task-queue.ts';
import { createWake } from '../adapters/sqs/wake.ts';
import { createLogger, errorFields } from '../adapters/telemetry/telemetry.ts';
import { createIds } from '../core/ids.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { createHttpFunction } from '../runtime/http/http-function.ts';
import { targetPolicy } from '../runtime/target-policy.ts';
import { createControlApi } from './api.ts';
import { controlVariables } from './env.ts';
import { resetCircuit } from './reset-circuit.ts';

const env = readEnvironment(controlVariables, process.env);
const now = Date.now;
const client = dynamoDb();
const configTable = { client, tableName: env.configTable, now, random: Math.random };
const retentionDays = Number(env.retentionDays);
const eventTable = { client, tableName: env.eventTable, now, random: Math.random, retentionDays };
const deliveries = createDeliveryStore(eventTable);
const urls = { high: env.highQueue, normal: env.normalQueue, low: env.lowQueue, retry: env.retryQueue };
const sqsClient = sqs();
const wake = createWake(sqsClient, urls);
const queueDrain = createDrainQueue(sqsClient, env.fanOutQueue);
const lifecycle = createLifecycle({ client: eventBridge(), bus: env.bus });
const attention = createAttentionStore(configTable);
const circuits = createCircuitStore(configTable);
const logger = createLogger('control');

// The answer to a resume waits no longer than this.
const drainPatience = 2_000;

async function drain(endpoint: Parameters<typeof queueDrain>[0]): Promise<void> {
  try {
    await Promise.race([queueDrain(endpoint), sleep(drainPatience, undefined, { ref: false })]);
  } catch (error) {
    logger.warn('a drain was not begun; the scheduler will', { ...endpoint, ...errorFields(error) });
  }
}

const respond = createControlApi({
  applications: createApplicationStore(configTable),
  endpoints: createEndpointStore(configTable),
  tokens: createTokenStore(configTable),
  events: createEventStore(eventTable),
  deliveries,
  tasks: { ...createTaskStore(eventTable), queueStep: createTaskQueue(sqsClient, env.redriveQueue) },
  wake,
  ids: createIds({ now, randomBytes }),
  now,
  randomBytes,
  targetPolicy: targetPolicy(process.env),
  loadRegex: async () => (await import('../core/filters/re2.ts')).re2,
  drain,
  resetCircuit: (record) =>
    resetCircuit(record, {
      watch: attention.watch,
      reset: circuits.reset,
      announceClosed: (endpoint) => lifecycle.publish({ type: 'circuit.closed', ...endpoint }),
      drain,
    }),
  readAsset: (name) => readFile(new URL(`./reference/${name}`, import.meta.url)),
  onUnhealthy: (error) => logger.warn('unhealthy', errorFields(error)),
  version: env.version,
  retentionDays,
});

export const handler = createHttpFunction(respond, logger);
