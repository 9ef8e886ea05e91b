import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

// SQS itself says that its count is some seconds old; asking more often tells nothing new.
const goodFor = 1_000;

/**
 * Tells about how many messages of a queue wait to be received. Whoever asks while another does, or within a second
 * of it, shares the answer.
 */
export function createBacklog({
  client,
  queueUrl,
  now,
}: {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): () => Promise<number> {
  let last: { readonly askedAt: number; readonly answer: Promise<number> } | undefined;

  async function ask(): Promise<number> {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    );
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  }

  return () => {
    if (last === undefined || now() - last.askedAt > goodFor) last = { askedAt: now(), answer: ask() };
    return last.answer;
  };
}
