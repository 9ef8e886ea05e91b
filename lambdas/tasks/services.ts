import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { sqs } from '#adapters/aws/clients.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createOutlineReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createTables } from '#adapters/dynamodb/table/tables.ts';
import { createTaskStore } from '#adapters/dynamodb/task/task-store.ts';
import type { Environment } from '#adapters/lambda/environment.ts';
import { createTaskQueue, createWake } from '#adapters/sqs/queues.ts';
import { createPostpone } from '#adapters/sqs/receive.ts';
import { createSendOne } from '#adapters/sqs/send.ts';
import type { Telemetry } from '#adapters/telemetry/telemetry.ts';
import type { tasksVariables } from './env.ts';
import type { TaskPorts } from './handle-message.ts';

const day = 24 * 60 * 60 * 1_000;

export function buildServices(env: Environment<typeof tasksVariables>, { logger, metrics }: Telemetry) {
  const { configTable, eventTable } = createTables(env);
  const endpoints = createOutlineReader(configTable);
  const deliveries = createDeliveryStore(eventTable);
  const events = createEventStore(eventTable);
  const client = sqs();
  const ownQueue = { client, queueUrl: env.redriveQueue };
  const sendAgain = createSendOne(ownQueue);
  const setAside = createSendOne({ client, queueUrl: env.deadLetterQueue });
  const wake = createWake(client, env);
  const ports: Omit<TaskPorts, 'hasTime'> = {
    now: Date.now,
    retention: eventTable.retentionDays * day,
    endpoint: (endpointId) => endpoints.load(endpointId, { consistent: true }),
    // A replay may be asked for a moment after its event was accepted.
    event: (applicationId, eventId) => events.get(applicationId, eventId, { consistent: true }),
    segment: events.segment,
    erase: events.erase,
    erased: events.erased,
    keepEvent: events.keep,
    deliveries,
    getMany: deliveries.getMany,
    deadBy: deliveries.deadBy,
    unsuccessful: deliveries.unsuccessful,
    wake: async (delivery, message, delay) => {
      await wake(delivery, message, delay);
      metrics.addMetric('DeliveriesRedriven', MetricUnit.Count, 1);
    },
    tasks: createTaskStore(eventTable),
    queueStep: createTaskQueue(client, env.redriveQueue),
    sendAgain: ({ body }, delay) => sendAgain({ body, delay }),
    setAside: (body) => setAside({ body, delay: 0 }),
    onUnreadable: (reason) => {
      logger.error('unreadable message returned to the dead-letter queue', { reason });
      metrics.addMetric('TaskErrors', MetricUnit.Count, 1);
    },
  };
  return { ...ports, postpone: createPostpone(ownQueue) };
}
