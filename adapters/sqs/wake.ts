import type { SQSClient } from '@aws-sdk/client-sqs';
import type { ReleasePorts } from '#core/delivery/release.ts';
import type { Priority } from '#core/event/event.ts';
import { delaySeconds } from './delays.ts';
import { createJoinedSend } from './joined-send.ts';
import { createQueue } from './queue.ts';

/**
 * Queues wake-ups of deliveries that waited in the table: a retry to the retry queue, a first attempt to the
 * queue of its priority. Those that are released at the same time share a call.
 */
export function createWake(
  client: SQSClient,
  urls: Readonly<Record<Priority | 'retry', string>>,
): ReleasePorts['wake'] {
  const queues = {
    high: createJoinedSend(createQueue({ client, queueUrl: urls.high })),
    normal: createJoinedSend(createQueue({ client, queueUrl: urls.normal })),
    low: createJoinedSend(createQueue({ client, queueUrl: urls.low })),
    retry: createJoinedSend(createQueue({ client, queueUrl: urls.retry })),
  };
  return async (delivery, body, delay) => {
    // Waiting in line for a rate limit is the retry function's part: no place of a first attempt is held by it.
    const isInLine = 'slot' in delivery.state && delivery.state.slot !== undefined;
    const name = delivery.attempts.length > 0 || isInLine ? 'retry' : delivery.priority;
    await queues[name]({ body, groupId: delivery.endpointId, delaySeconds: delaySeconds(delay) });
  };
}
