import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

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
