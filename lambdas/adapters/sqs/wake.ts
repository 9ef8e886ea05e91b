import type { SQSClient } from '@aws-sdk/client-sqs';
import type { ReleasePorts } from '../../core/delivery/release.ts';
import type { Priority } from '../../core/event/event.ts';
import { createQueue } from './queue.ts';
import { sendOne } from './send-one.ts';

/**
 * Queues wake-ups of deliveries that waited in the table: a retry to the retry queue, a first attempt to the
 * queue of its priority.
 */
export function createWake(
  client: SQSClient,
  urls: Readonly<Record<Priority | 'retry', string>>,
): ReleasePorts['wake'] {
  const queues = {
    high: createQueue({ client, queueUrl: urls.high }),
    normal: createQueue({ client, queueUrl: urls.normal }),
    low: createQueue({ client, queueUrl: urls.low }),
    retry: createQueue({ client, queueUrl: urls.retry }),
  };
  return async (delivery, body, delay) => {
    // Waiting in line for a rate limit is the retry function's part: no place of a first attempt is held by it.
    const isInLine = 'slot' in delivery.state && delivery.state.slot !== undefined;
    const name = delivery.attempts.length > 0 || isInLine ? 'retry' : delivery.priority;
    const message = { body, groupId: delivery.endpointId, delay };
    await sendOne(queues[name], message, `the ${name} wake-up of ${delivery.eventId}`);
  };
}
