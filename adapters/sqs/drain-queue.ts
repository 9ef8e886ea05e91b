import type { SQSClient } from '@aws-sdk/client-sqs';
import { createQueue } from './queue.ts';
import { sendOne } from './send-one.ts';

/** Queues the step of a drain that follows `step` (0 begins), unseen for `delay` ms; rejects when it is refused. */
export type QueueDrain = (
  endpoint: { readonly applicationId: string; readonly endpointId: string },
  step?: number,
  delay?: number,
) => Promise<void>;

/** @param queueUrl of the fan-out queue, whose function takes the steps */
export function createDrainQueue(client: SQSClient, queueUrl: string): QueueDrain {
  const queue = createQueue({ client, queueUrl });
  return async ({ applicationId, endpointId }, step = 0, delay = 0) => {
    const body = { v: 1, kind: 'drain', applicationId, endpointId, step } as const;
    await sendOne(queue, { body, groupId: endpointId, delay }, `a step of the drain of ${endpointId}`);
  };
}
