import type { AwsCaller } from '../../aws-protocol/client.ts';
import { asList, asObject, asText, isObject, type JsonObject } from '../../json/json.ts';
import { queueArn, queueUrl } from '../../template/names.ts';

/** A queue that names another as its dead-letter queue. */
export interface RedriveSource {
  readonly arn: string;
  readonly maxReceiveCount: number;
}

/** The queue engine's calls that move tasks need. */
export interface QueueEngine {
  exists(arn: string): Promise<boolean>;
  /** The queues that use this dead-letter queue. The engine has no call that lists them. */
  redriveSources(deadLetterArn: string): Promise<readonly RedriveSource[]>;
  visibleMessages(arn: string): Promise<number>;
  receive(arn: string): Promise<readonly JsonObject[]>;
  /** Sends copies of received messages. @throws Error when the engine refuses one */
  send(arn: string, messages: readonly JsonObject[]): Promise<void>;
  remove(arn: string, messages: readonly JsonObject[]): Promise<void>;
  /** Makes messages visible again after a second. */
  release(arn: string, messages: readonly JsonObject[]): Promise<void>;
}

const batchSize = 10;

// The engine loses a message whose visibility is set to 0 while it persists its state, so it is set to one second.
const releaseSeconds = 1;

export function queueEngine(call: AwsCaller['call']): QueueEngine {
  const sqs = (action: string, input: JsonObject) => call('sqs', action, input);
  const urlOf = (arn: string) => queueUrl('http://sqs', arn);
  const urls = async () => asList((await sqs('ListQueues', {})).QueueUrls).map(String);
  const attributes = async (url: string): Promise<JsonObject> => {
    const output = await sqs('GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] });
    return asObject(output.Attributes);
  };
  const batch = async (action: string, arn: string, Entries: readonly JsonObject[]) => {
    if (Entries.length === 0) return;
    const output = await sqs(action, { QueueUrl: urlOf(arn), Entries });
    const failed = asList(output.Failed);
    if (failed.length > 0) throw new Error(`${action} on ${arn} failed for ${JSON.stringify(failed)}`);
  };

  return {
    exists: async (arn) => (await urls()).some((url) => queueArn(url.split('/').at(-1) ?? '') === arn),
    redriveSources: async (deadLetterArn) => {
      const sources: RedriveSource[] = [];
      for (const url of await urls()) {
        const policy: unknown = JSON.parse(asText((await attributes(url)).RedrivePolicy) ?? '{}');
        if (!isObject(policy) || policy.deadLetterTargetArn !== deadLetterArn) continue;
        sources.push({
          arn: queueArn(url.split('/').at(-1) ?? ''),
          maxReceiveCount: Number(policy.maxReceiveCount),
        });
      }
      return sources;
    },
    visibleMessages: async (arn) => Number((await attributes(urlOf(arn))).ApproximateNumberOfMessages ?? 0),
    receive: async (arn) => {
      const output = await sqs('ReceiveMessage', {
        QueueUrl: urlOf(arn),
        MaxNumberOfMessages: batchSize,
        WaitTimeSeconds: 0,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      });
      return asList(output.Messages).filter(isObject);
    },
    send: (arn, messages) =>
      batch(
        'SendMessageBatch',
        arn,
        messages.map((message, i) => ({
          Id: String(i),
          MessageBody: message.Body,
          MessageAttributes: message.MessageAttributes,
          ...groupOf(message),
        })),
      ),
    remove: (arn, messages) => batch('DeleteMessageBatch', arn, messages.map(handleOf)),
    release: (arn, messages) =>
      batch(
        'ChangeMessageVisibilityBatch',
        arn,
        messages.map((message, i) => ({ ...handleOf(message, i), VisibilityTimeout: releaseSeconds })),
      ),
  };
}

function handleOf(message: JsonObject, index: number): JsonObject {
  return { Id: String(index), ReceiptHandle: message.ReceiptHandle };
}

function groupOf(message: JsonObject): JsonObject {
  const { MessageDeduplicationId, MessageGroupId } = asObject(message.Attributes);
  return { MessageGroupId, MessageDeduplicationId };
}
