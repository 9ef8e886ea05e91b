import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Handled, ReceivedMessage } from '#core/message/received.ts';
import { publishMetrics } from './publish-metrics.ts';
import { handleBatch, type OnError, postponeOnError } from './sqs-batch.ts';

/**
 * A Lambda handler that consumes a queue. A message whose handling rejects is logged, counted and received again later.
 */
export function createQueueFunction(
  onError: OnError,
  handle: (received: ReceivedMessage, context: Context) => Promise<Handled>,
) {
  return middy<SQSEvent, SQSBatchResponse>()
    .use(publishMetrics(onError.metrics))
    .handler((event: SQSEvent, context: Context) =>
      handleBatch(event, (received) => handle(received, context), postponeOnError(onError)),
    );
}
