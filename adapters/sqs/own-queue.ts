import type { SQSClient } from '@aws-sdk/client-sqs';
import { createQueue } from './queue.ts';
import { sendRaw } from './raw.ts';

/** What a consumer does with messages of the queue it reads. Delays in milliseconds. */
export interface OwnQueue {
  /** Makes the received message unseen for so long. */
  postpone(receiptHandle: string, delay: number): Promise<void>;
  /** Queues a body as it stands once more; the fairness group is kept where SQS told it. */
  sendAgain(body: string, groupId: string | undefined, delay: number): Promise<void>;
}

export function createOwnQueue(options: { readonly client: SQSClient; readonly queueUrl: string }): OwnQueue {
  const queue = createQueue(options);
  return {
    postpone: (receiptHandle, delay) => queue.changeVisibility(receiptHandle, Math.ceil(delay / 1_000)),
    sendAgain: (body, groupId, delay) => sendRaw(options.client, options.queueUrl, { body, groupId, delay }),
  };
}
