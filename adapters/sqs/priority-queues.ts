import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DispatchPorts } from '#core/delivery/dispatch.ts';
import type { Priority } from '#core/event/event.ts';
import { delaySeconds } from './delays.ts';
import { createQueue } from './queue.ts';

/**
 * Sends deliveries to the queue of their priority and gives back those that it refused.
 *
 * @param onRefused told how many a queue refused and why; they are held, so nobody else would notice
 */
export function createPriorityQueues(
  client: SQSClient,
  urls: Readonly<Record<Priority, string>>,
  onRefused: (count: number, cause: unknown) => void,
): DispatchPorts['queue'] {
  const queues = {
    high: createQueue({ client, queueUrl: urls.high }),
    normal: createQueue({ client, queueUrl: urls.normal }),
    low: createQueue({ client, queueUrl: urls.low }),
  };
  return async (priority, messages) => {
    const { failed, cause } = await queues[priority].send(
      messages.map(({ body, groupId, delay }) => ({ body, groupId, delaySeconds: delaySeconds(delay) })),
    );
    if (failed.length > 0) onRefused(failed.length, cause);
    return failed.flatMap((index) => messages[index] ?? []);
  };
}
