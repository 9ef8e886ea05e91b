import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dynamoDb, sqs } from '../adapters/aws-clients.ts';
import { createApplicationStore } from '../adapters/dynamodb/config/application-store.ts';
import { createEndpointStore } from '../adapters/dynamodb/config/endpoint-store.ts';
import { createTokenStore } from '../adapters/dynamodb/config/token-store.ts';
import { createDeliveryStore } from '../adapters/dynamodb/events/delivery-store.ts';
import { createEventStore } from '../adapters/dynamodb/events/event-store.ts';
import { createTaskStore } from '../adapters/dynamodb/events/task-store.ts';
import { createTaskQueue } from '../adapters/sqs/task-queue.ts';
import { createWake } from '../adapters/sqs/wake.ts';
import { createLogger, errorFields } from '../adapters/telemetry/telemetry.ts';
import { createIds } from '../core/ids.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { createHttpFunction } from '../runtime/http/http-function.ts';
import { targetPolicy } from '../runtime/target-policy.ts';
import { createControlApi } from './api.ts';
import { controlVariables } from './env.ts';
import { releaseFirstHeld } from './release-held.ts';

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
const logger = createLogger('control');

// The answer to a resume waits no longer than this; the scheduler goes on with what is left.
const drainPatience = 2_000;

async function drain(endpointId: string): Promise<void> {
  try {
    const ports = { now, deliveries, wake, held: deliveries.held };
    await Promise.race([
      releaseFirstHeld(endpointId, ports),
      sleep(drainPatience, undefined, { ref: false }),
    ]);
  } catch (error) {
    logger.warn('the first held deliveries were not released; the scheduler will', {
      endpointId,
      ...errorFields(error),
    });
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
  onUnhealthy: (error) => logger.warn('unhealthy', errorFields(error)),
  version: env.version,
  retentionDays,
});

export const handler = createHttpFunction(respond, logger);
