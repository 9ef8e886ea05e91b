import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DispatchPorts } from '../../core/delivery/dispatch.ts';
import type { Priority } from '../../core/event/event.ts';
import { delaySeconds } from './delays.ts';
import { createQueue } from './queue.ts';

/** Sends deliveries to the queue of their priority and gives back those that it refused. */
export function createPriorityQueues(
  client: SQSClient,
  urls: Readonly<Record<Priority, string>>,
): DispatchPorts['queue'] {
  const queues = {
    high: createQueue({ client, queueUrl: urls.high }),
    normal: createQueue({ client, queueUrl: urls.normal }),
    low: createQueue({ client, queueUrl: urls.low }),
  };
  return async (priority, messages) => {
    const { failed } = await queues[priority].send(
      messages.map(({ body, groupId, delay }) => ({ body, groupId, delaySeconds: delaySeconds(delay) })),
    );
    return failed.flatMap((index) => messages[index] ?? []);
  };
}
