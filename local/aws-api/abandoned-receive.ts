import type { Answer } from '../aws-protocol/answer.ts';
import type { Call } from '../aws-protocol/call.ts';
import type { AwsCaller } from '../aws-protocol/client.ts';
import { asList, isObject } from '../json/json.ts';

// The engine drops a message whose visibility is set to 0 while it persists its state; one second does no harm.
const visibleAfterSeconds = 1;

/**
 * Gives back the messages of a poll whose caller went away while it waited.
 *
 * SQS notices the closed connection and keeps the messages; the engine hands them out, and they would be missing
 * until their visibility timeout ends.
 */
export async function giveBack(call: Call, answer: Answer, engines: AwsCaller): Promise<void> {
  if (call.service !== 'sqs' || call.action !== 'ReceiveMessage' || answer.status !== 200) return;
  const output: unknown = JSON.parse(answer.body.toString());
  const messages = isObject(output) ? asList(output.Messages).filter(isObject) : [];
  if (messages.length === 0) return;
  await engines.call('sqs', 'ChangeMessageVisibilityBatch', {
    QueueUrl: call.input.QueueUrl,
    Entries: messages.map(({ ReceiptHandle }, i) => ({
      Id: String(i),
      ReceiptHandle,
      VisibilityTimeout: visibleAfterSeconds,
    })),
  });
}
