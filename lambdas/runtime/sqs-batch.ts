import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { errorFields } from '../adapters/telemetry/telemetry.ts';
import { troubleDelay } from '../core/message/trouble.ts';

/**
 * Handles the records of a batch side by side, so that no record's outcome or duration decides another's.
 *
 * @param handle true when the message is dealt with and may be deleted; a rejection keeps it, after `troubled`
 * @param troubled told of each rejection; must not reject
 */
export async function handleBatch(
  event: SQSEvent,
  handle: (record: SQSRecord) => Promise<boolean>,
  troubled: (record: SQSRecord, error: unknown) => Promise<void>,
): Promise<SQSBatchResponse> {
  const kept = await Promise.all(
    event.Records.map(async (record) => {
      try {
        return (await handle(record)) ? [] : [{ itemIdentifier: record.messageId }];
      } catch (error) {
        await troubled(record, error);
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
export const postponeTroubled =
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
      await postpone(record.receiptHandle, troubleDelay(receives));
    } catch (postponeError) {
      // The queue's own visibility timeout brings it back, only later.
      logger.warn('the message keeps its visibility timeout', errorFields(postponeError));
    }
  };
