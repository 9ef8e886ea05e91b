import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { sqs } from '#adapters/aws/clients.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createOutlineReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createTables } from '#adapters/dynamodb/table/tables.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { createLifecycle } from '#adapters/eventbridge/lifecycle.ts';
import type { Environment } from '#adapters/lambda/environment.ts';
import { createDeadLetters } from '#adapters/sqs/queues.ts';
import { createPostpone } from '#adapters/sqs/receive.ts';
import { createSendOne } from '#adapters/sqs/send.ts';
import type { Telemetry } from '#adapters/telemetry/telemetry.ts';
import { createDisableEndpoint } from '#core/lifecycle/disable-endpoint.ts';
import type { quarantineVariables } from './env.ts';
import type { QuarantinePorts } from './handle-message.ts';

export function buildServices(env: Environment<typeof quarantineVariables>, { logger, metrics }: Telemetry) {
  const now = Date.now;
  const { configTable, eventTable } = createTables(env);
  const events = createEventStore(eventTable);
  const attention = createAttentionStore(configTable);
  const lifecycle = createLifecycle(env.bus, attention);
  const client = sqs();
  const fanOut = createSendOne({ client, queueUrl: env.fanOutQueue });
  const setAside = createSendOne({ client, queueUrl: env.deadLetterQueue });
  const ports: QuarantinePorts = {
    now,
    deliveries: createDeliveryStore(eventTable),
    deadLetter: createDeadLetters(client, env.deadLetterQueue, lifecycle),
    disable: createDisableEndpoint({
      attention,
      config: createOutlineReader(configTable),
      announce: lifecycle.announce,
      now,
    }),
    eventExists: async (applicationId, eventId) => (await events.get(applicationId, eventId)) !== undefined,
    fanOut: (body, delay) => fanOut({ body, groupId: body.applicationId, delay }),
    setAside: (body) => setAside({ body, delay: 0 }),
    report: (done) => {
      logger.error('quarantined message handled', { ...done });
      metrics.addMetric('MessagesQuarantined', MetricUnit.Count, 1);
    },
  };
  return { ...ports, postpone: createPostpone({ client, queueUrl: env.ownQueue }) };
}
