import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsCaller } from '../aws-protocol/client.ts';
import type { InvocationResult } from '../lambda/settings.ts';
import { batchFailures } from './batch-failures.ts';
import { type SqsMessage, sqsRecord } from './sqs-record.ts';

export interface SqsMapping {
  readonly queueUrl: string;
  readonly queueArn: string;
  /** Most messages of one invocation. */
  readonly batchSize: number;
  /** Milliseconds to gather a batch; 0 passes on the messages of one receive. */
  readonly windowMs: number;
  /** Most invocations at a time. */
  readonly maximumConcurrency: number;
  readonly reportsItemFailures: boolean;
  /** Messages that it refuses are deleted without an invocation. */
  readonly accepts: (record: unknown) => boolean;
  readonly invoke: (payload: string) => Promise<InvocationResult>;
  /** Called with errors outside the function. */
  readonly onError: (message: string) => void;
}

export interface Poller {
  stop(): Promise<void>;
}

/** The longest wait that SQS allows. Lambda's pollers use it too. */
const waitSeconds = 20;
const receiveAtMost = 10;

/**
 * An SQS event source: receives messages, invokes the function, deletes the messages that succeeded. The others become
 * visible again when their visibility timeout ends, which counts from the receive.
 */
export function startSqsPoller(mapping: SqsMapping, aws: AwsCaller): Poller {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (running.size >= mapping.maximumConcurrency) {
        await Promise.race(running);
        continue;
      }
      try {
        const batch = await gather();
        if (batch.length > 0) start(batch);
      } catch (error) {
        if (stopping.signal.aborted) return;
        mapping.onError(`receiving from ${mapping.queueUrl} failed: ${messageOf(error)}`);
        await sleep(1000, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };

  const start = (batch: readonly SqsMessage[]): void => {
    const invocation = handle(batch)
      .catch((error: unknown) => {
        if (!stopping.signal.aborted)
          mapping.onError(`a batch of ${mapping.queueUrl} failed: ${messageOf(error)}`);
      })
      .finally(() => running.delete(invocation));
    running.add(invocation);
  };

  const gather = async (): Promise<readonly SqsMessage[]> => {
    const batch = [...(await receive(Math.min(mapping.batchSize, receiveAtMost), waitSeconds))];
    if (batch.length === 0 || mapping.windowMs === 0) return batch;
    const deadline = Date.now() + mapping.windowMs;
    while (batch.length < mapping.batchSize) {
      const seconds = Math.floor((deadline - Date.now()) / 1000);
      const more = await receive(
        Math.min(mapping.batchSize - batch.length, receiveAtMost),
        Math.max(0, seconds),
      );
      batch.push(...more);
      if (seconds <= 0 || (more.length === 0 && Date.now() >= deadline)) break;
    }
    return batch;
  };

  const receive = async (count: number, seconds: number): Promise<readonly SqsMessage[]> => {
    const answer = await aws.call(
      'sqs',
      'ReceiveMessage',
      {
        QueueUrl: mapping.queueUrl,
        MaxNumberOfMessages: count,
        WaitTimeSeconds: seconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      },
      stopping.signal,
    );
    return (answer.Messages ?? []) as readonly SqsMessage[];
  };

  const handle = async (batch: readonly SqsMessage[]): Promise<void> => {
    const records = batch.map((message) => sqsRecord(message, mapping.queueArn));
    const wanted = records.filter((record) => mapping.accepts(record));
    const done = new Set(
      records.filter((record) => !wanted.includes(record)).map((record) => record.messageId),
    );
    if (wanted.length > 0) {
      const result = await mapping.invoke(JSON.stringify({ Records: wanted }));
      const ids = wanted.map((record) => record.messageId);
      const failed = batchFailures(result, ids, mapping.reportsItemFailures);
      for (const id of ids) if (!failed.has(id)) done.add(id);
    }
    await remove(batch.filter((message) => done.has(message.MessageId)));
  };

  const remove = async (messages: readonly SqsMessage[]): Promise<void> => {
    for (let i = 0; i < messages.length; i += receiveAtMost) {
      const entries = messages
        .slice(i, i + receiveAtMost)
        .map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle }));
      await aws.call('sqs', 'DeleteMessageBatch', { QueueUrl: mapping.queueUrl, Entries: entries });
    }
  };

  const polling = poll();
  return {
    stop: async () => {
      stopping.abort();
      await polling;
      await Promise.allSettled(running);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
