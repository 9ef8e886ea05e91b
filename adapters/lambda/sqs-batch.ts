import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { until } from '#adapters/aws/deadline.ts';
import { errorFields } from '#adapters/telemetry/telemetry.ts';
import { troubleDelay } from '#core/message/trouble.ts';

// The functions that consume queues end after 45 s, and then all messages of the batch wait out their whole
// visibility: one that meets a table or a queue that hangs is given up before, and postponed.
const recordWithin = 40_000;
const postponeWithin = 4_000;

/**
 * Handles the records of a batch side by side, so that no record's outcome or duration decides another's.
 *
 * @param handle true when the message is dealt with and may be deleted; a rejection keeps it, after `onError`
 * @param onError told of each rejection; must not reject
 */
export async function handleBatch(
  event: SQSEvent,
  handle: (record: SQSRecord) => Promise<boolean>,
  onError: (record: SQSRecord, error: unknown) => Promise<void>,
): Promise<SQSBatchResponse> {
  const kept = await Promise.all(
    event.Records.map(async (record) => {
      try {
        const isDone = await until(Date.now() + recordWithin, () => handle(record));
        return isDone ? [] : [{ itemIdentifier: record.messageId }];
      } catch (error) {
        await onError(record, error);
        return [{ itemIdentifier: record.messageId }];
      }
    }),
  );
  return { batchItemFailures: kept.flat() };
}

export function receiveCountOf(record: SQSRecord): number {
  return Number(record.attributes.ApproximateReceiveCount);
}

/** The fairness group of a message, where SQS tells it. */
export function groupOf(record: SQSRecord): { readonly groupId?: string } {
  const groupId = record.attributes.MessageGroupId;
  return groupId === undefined ? {} : { groupId };
}

/**
 * What to do with a message that failed for reasons of our own: say so, count it, and let it come back later each
 * time it fails again.
 */
export const postponeOnError =
  ({
    logger,
    metrics,
    metric,
    postpone,
  }: {
    readonly logger: Logger;
    readonly metrics: Metrics;
    readonly metric: string;
    readonly postpone: (receiptHandle: string, delay: number) => Promise<void>;
  }) =>
  async (record: SQSRecord, error: unknown): Promise<void> => {
    const receives = receiveCountOf(record);
    logger.error('message postponed', { messageId: record.messageId, receives, ...errorFields(error) });
    metrics.addMetric(metric, MetricUnit.Count, 1);
    try {
      await until(Date.now() + postponeWithin, () => postpone(record.receiptHandle, troubleDelay(receives)));
    } catch (postponeError) {
      // The queue's own visibility timeout brings it back, only later.
      logger.warn('the message keeps its visibility timeout', errorFields(postponeError));
    }
  };
