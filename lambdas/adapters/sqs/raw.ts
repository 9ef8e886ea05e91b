import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { delaySeconds } from './delays.ts';

/** Sends a body as it stands, of whatever version or form. Delay in milliseconds, at most SQS's 15 minutes. */
export async function sendRaw(
  client: SQSClient,
  queueUrl: string,
  body: string,
  delay: number,
): Promise<void> {
  await client.send(
    new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds: delaySeconds(delay) }),
  );
}
