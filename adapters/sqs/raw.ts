import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { delaySeconds } from './delays.ts';

/** A body that is sent as it stands, of whatever version or form. Delay in milliseconds, at most SQS's 15 minutes. */
export interface RawMessage {
  readonly body: string;
  readonly groupId?: string | undefined;
  readonly delay: number;
}

/** Sends one message; rejects when the queue refuses it. */
export async function sendRaw(
  client: SQSClient,
  queueUrl: string,
  { body, groupId, delay }: RawMessage,
): Promise<void> {
  await client.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: body,
      DelaySeconds: delaySeconds(delay),
      ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
    }),
  );
}
