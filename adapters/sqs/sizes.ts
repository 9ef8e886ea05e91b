import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from '@aws-sdk/client-sqs';
import { createCache } from '#core/concurrency/cache.ts';
import type { QueueSize } from '#core/statistics/metrics.ts';

// Counts by SQS are approximate, and up to a minute old.

/** Makes a function that tells how many messages queues hold, by the names given to them. */
export const createQueueSizes =
  (client: SQSClient, queueUrls: Readonly<Record<string, string>>) => (): Promise<QueueSize[]> =>
    Promise.all(
      Object.entries(queueUrls).map(async ([name, queueUrl]) => {
        const [visible = 0, inFlight = 0, delayed = 0] = await counts(client, queueUrl, [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ]);
        return { name, visible, inFlight, delayed };
      }),
    );

// The count changes every few seconds, so asking more often tells nothing new.
const goodFor = 1_000;

/**
 * Makes a function that tells about how many messages of a queue wait to be received. Callers that ask at the same time
 * or within a second share the answer.
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
  const askOnce = createCache<number>({ capacity: 1, isGood: (_, age) => age <= goodFor });
  const ask = async () => (await counts(client, queueUrl, ['ApproximateNumberOfMessages']))[0] ?? 0;
  return () => askOnce('', now(), ask);
}

async function counts(
  client: SQSClient,
  QueueUrl: string,
  AttributeNames: QueueAttributeName[],
): Promise<number[]> {
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  return AttributeNames.map((name) => Number(Attributes?.[name] ?? 0));
}
