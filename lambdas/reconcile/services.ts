import { sqs } from '#adapters/aws/clients.ts';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createSweepStore } from '#adapters/dynamodb/event/sweep-store.ts';
import { createTables } from '#adapters/dynamodb/table/tables.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import type { Environment } from '#adapters/lambda/environment.ts';
import { createPriorityQueues } from '#adapters/sqs/queues.ts';
import { errorFields, reportRefused, type Telemetry } from '#adapters/telemetry/telemetry.ts';
import type { reconcileVariables } from './env.ts';
import type { SweepPorts } from './reconcile.ts';

// As many as one scan reads (1 MB).
const heldAtOnce = 5_000;
const day = 24 * 60 * 60 * 1_000;

export function buildServices(
  env: Environment<typeof reconcileVariables>,
  telemetry: Telemetry,
): Omit<SweepPorts, 'hasTime'> {
  const { configTable, eventTable } = createTables(env);
  const deliveries = createDeliveryStore(eventTable);
  const events = createEventStore(eventTable);
  const attention = createAttentionStore(configTable);
  return {
    now: Date.now,
    retention: eventTable.retentionDays * day,
    applications: createApplicationStore(configTable).list,
    events: events.list,
    event: events.get,
    segment: events.segment,
    without: deliveries.without,
    everyHeld: (after) => deliveries.everyHeld({ after, limit: heldAtOnce }),
    delivery: deliveries.get,
    watched: attention.watched,
    watch: attention.watch,
    onForgotten: (endpointId) => telemetry.logger.warn('endpoint watched again', { endpointId }),
    onError: (endpointId, error) =>
      telemetry.logger.error('could not check what is held', { endpointId, ...errorFields(error) }),
    sweeps: createSweepStore(eventTable),
    hold: deliveries.store,
    queue: createPriorityQueues(sqs(), env, reportRefused(telemetry)),
  };
}
