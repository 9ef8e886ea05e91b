import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueueSize } from '#core/statistics/metrics.ts';

/**
 * How many messages queues hold, by the names given to them. SQS counts approximately, and up to a minute late.
 *
 * @param queueUrls by name
 */
export const createQueueSizes =
  (client: SQSClient, queueUrls: Readonly<Record<string, string>>) => (): Promise<QueueSize[]> =>
    Promise.all(
      Object.entries(queueUrls).map(async ([name, QueueUrl]) => {
        const { Attributes = {} } = await client.send(
          new GetQueueAttributesCommand({
            QueueUrl,
            AttributeNames: [
              'ApproximateNumberOfMessages',
              'ApproximateNumberOfMessagesNotVisible',
              'ApproximateNumberOfMessagesDelayed',
            ],
          }),
        );
        return {
          name,
          visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
          inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
          delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
        };
      }),
    );
