import { sqs, sqsWithoutRetries } from '#adapters/aws/clients.ts';
import { until } from '#adapters/aws/deadline.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createOutlineReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createProgressStore } from '#adapters/dynamodb/event/progress-store.ts';
import { createTables } from '#adapters/dynamodb/table/tables.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import type { Environment } from '#adapters/lambda/environment.ts';
import { createDrainQueue, createPriorityQueues, createWake } from '#adapters/sqs/queues.ts';
import { createPostpone } from '#adapters/sqs/receive.ts';
import { createSendOne } from '#adapters/sqs/send.ts';
import { reportRefused, type Telemetry } from '#adapters/telemetry/telemetry.ts';
import type { fanOutVariables } from './env.ts';
import type { FanOutPorts } from './handle-message.ts';

// What the queue has not confirmed by then is held in the table. The rest of a portion's time is for that.
const queueWithin = 8_000;

export function buildServices(env: Environment<typeof fanOutVariables>, telemetry: Telemetry): FanOutPorts {
  const now = Date.now;
  const { configTable, eventTable } = createTables(env);
  const events = createEventStore(eventTable);
  const deliveries = createDeliveryStore(eventTable);
  const endpoints = createOutlineReader(configTable);
  const client = sqs();
  const ownQueue = { client, queueUrl: env.ownQueue };
  const sendAgain = createSendOne(ownQueue);
  const queues = createPriorityQueues(sqsWithoutRetries(), env, reportRefused(telemetry));
  const queueDrain = createDrainQueue(client, env.ownQueue);
  return {
    now,
    event: (applicationId, eventId) => events.get(applicationId, eventId, { consistent: true }),
    segment: events.segment,
    progress: createProgressStore(eventTable),
    within: until,
    hold: deliveries.store,
    queue: (priority, messages) => until(now() + queueWithin, () => queues(priority, messages)),
    deliveries,
    wake: createWake(client, env),
    attention: createAttentionStore(configTable),
    endpoint: (endpointId) => endpoints.load(endpointId, { consistent: true }),
    held: (endpointId, shard, limit) => deliveries.held(endpointId, shard, { limit }),
    queueStep: (message, delay) => queueDrain(message, message.step, delay),
    postpone: createPostpone(ownQueue),
    sendAgain: ({ body, groupId }, delay) => sendAgain({ body, groupId, delay }),
  };
}
