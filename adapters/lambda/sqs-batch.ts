import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { until } from '#adapters/aws/deadline.ts';
import { errorFields, type Telemetry } from '#adapters/telemetry/telemetry.ts';
import { errorDelay } from '#core/message/delays.ts';
import type { Handled, ReceivedMessage } from '#core/message/received.ts';

// A function that consumes a queue ends after 45 s, and then all messages of its batch wait for their whole visibility
// timeout. So a message whose table or queue hangs is given up and postponed before.
const recordWithin = 40_000;
const postponeWithin = 4_000;

/**
 * Handles the records of a batch at the same time, so that no record's outcome or duration decides another's.
 *
 * @param handle when it rejects, the message stays in the queue, after `onError`
 * @param onError must not reject
 */
export async function handleBatch(
  event: SQSEvent,
  handle: (received: ReceivedMessage) => Promise<Handled>,
  onError: (record: SQSRecord, error: unknown) => Promise<void>,
): Promise<SQSBatchResponse> {
  const kept = await Promise.all(
    event.Records.map(async (record) => {
      try {
        const handled = await until(Date.now() + recordWithin, () => handle(receivedMessage(record)));
        return handled === 'done' ? [] : [{ itemIdentifier: record.messageId }];
      } catch (error) {
        await onError(record, error);
        return [{ itemIdentifier: record.messageId }];
      }
    }),
  );
  return { batchItemFailures: kept.flat() };
}

const receiveCountOf = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);

function receivedMessage(record: SQSRecord): ReceivedMessage {
  const { body, receiptHandle, attributes } = record;
  return { body, receiptHandle, receiveCount: receiveCountOf(record), groupId: attributes.MessageGroupId };
}

export interface OnError extends Telemetry {
  /** Counts the messages that failed. */
  readonly metric: string;
  /** Makes a received message invisible for `delay` milliseconds. */
  readonly postpone: (receiptHandle: string, delay: number) => Promise<void>;
}

/** Logs and counts a message whose handling failed, and lets it come back later each time it fails again. */
export const postponeOnError =
  ({ logger, metrics, metric, postpone }: OnError) =>
  async (record: SQSRecord, error: unknown): Promise<void> => {
    const receives = receiveCountOf(record);
    logger.error('message postponed', { messageId: record.messageId, receives, ...errorFields(error) });
    metrics.addMetric(metric, MetricUnit.Count, 1);
    try {
      await until(Date.now() + postponeWithin, () => postpone(record.receiptHandle, errorDelay(receives)));
    } catch (postponeError) {
      // The queue's own visibility timeout brings it back, only later.
      logger.warn('the message keeps its visibility timeout', errorFields(postponeError));
    }
  };
