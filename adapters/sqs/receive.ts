import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';

// SQS's limit: 12 hours.
const longestVisibility = 12 * 60 * 60;

/** Makes a function that hides a received message of the queue for a delay in milliseconds, from one second to 12 hours. */
export const createPostpone =
  ({ client, queueUrl }: { readonly client: SQSClient; readonly queueUrl: string }) =>
  async (receiptHandle: string, delay: number): Promise<void> => {
    // Zero would make the message visible at once, which some emulators do not support and no caller needs.
    const VisibilityTimeout = Math.min(longestVisibility, Math.max(1, Math.ceil(delay / 1_000)));
    const input = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout };
    await client.send(new ChangeMessageVisibilityCommand(input));
  };
