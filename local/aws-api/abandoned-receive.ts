import type { AwsAnswer } from '../aws-protocol/answer.ts';
import type { AwsCall } from '../aws-protocol/call.ts';
import { asList, asObject, asText, isObject } from '../json/json.ts';
import { queueArn } from '../template/names.ts';
import type { QueueEngine } from './services/queue-engine.ts';

/**
 * Returns the messages of a poll whose caller disconnected while it waited.
 *
 * SQS notices the closed connection and keeps the messages. The engine hands them out, and they would be missing until
 * their visibility timeout ends.
 */
export async function returnMessages(call: AwsCall, answer: AwsAnswer, queues: QueueEngine): Promise<void> {
  if (call.service !== 'sqs' || call.action !== 'ReceiveMessage' || answer.status !== 200) return;
  const messages = asList(asObject(JSON.parse(answer.body.toString())).Messages).filter(isObject);
  const name = asText(call.input.QueueUrl)?.split('/').at(-1) ?? '';
  await queues.release(queueArn(name), messages);
}
