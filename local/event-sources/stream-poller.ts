import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsCaller } from '../aws-protocol/client.ts';
import { asList, asObject, asText } from '../json/json.ts';
import type { InvocationResult } from '../lambda/settings.ts';
import { localRegion } from '../template/pseudo-parameters.ts';
import { batchFailures } from './batch-failures.ts';
import type { Poller } from './sqs-poller.ts';

export interface StreamMapping {
  /** The ARN of the stream in the engine. */
  readonly engineStreamArn: string;
  /** The ARN that functions see. */
  readonly streamArn: string;
  readonly startingPosition: 'LATEST' | 'TRIM_HORIZON';
  readonly batchSize: number;
  /** Milliseconds to gather a batch. */
  readonly windowMs: number;
  /** How often a failed batch is tried again before it is given up; -1 for ever. */
  readonly maximumRetryAttempts: number;
  readonly bisectOnError: boolean;
  readonly reportsItemFailures: boolean;
  readonly accepts: (record: unknown) => boolean;
  readonly invoke: (payload: string) => Promise<InvocationResult>;
  /** Called with records that were given up. */
  readonly onGivenUp: (shard: string, records: readonly StreamRecord[]) => void;
  readonly onError: (message: string) => void;
  /** The last handled record of each shard, so that a restart continues after it. */
  readonly checkpoints: {
    get(shard: string): string | undefined;
    set(shard: string, sequenceNumber: string): void;
  };
}

export interface StreamRecord {
  readonly eventID: string;
  readonly dynamodb: { readonly SequenceNumber: string };
}

export interface StreamCallers {
  /** Calls as the function, whose role must allow Lambda to read the stream. */
  readonly asFunction: AwsCaller;
  readonly aws: AwsCaller;
}

/** The largest size of an invocation's records as JSON. */
const mostBytes = 6 * 1024 * 1024;

/** Lambda polls four times a second. Once is enough here and leaves an idle machine idle. */
const pollEveryMs = 1000;

/** A DynamoDB stream as event source: each shard in order; a failed batch holds back the records after it. */
export function startStreamPoller(mapping: StreamMapping, { asFunction, aws }: StreamCallers): Poller {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined);
  const shards = new Map<string, Promise<void>>();

  const watch = async (): Promise<void> => {
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      for (const shard of await listShards(mapping.engineStreamArn, asFunction)) {
        if (!shards.has(shard)) shards.set(shard, follow(shard, isFirst));
      }
      // A stream without records has no shard.
      await pause(shards.size === 0 ? pollEveryMs : 30_000);
    }
  };

  const follow = async (shard: string, isFirst: boolean): Promise<void> => {
    let iterator: string | undefined;
    let pending: Sized[] = [];
    let windowEnd = 0;
    while (!signal.aborted) {
      try {
        iterator ??= await openShard(shard, isFirst);
        const answer = await aws.call('dynamodbstreams', 'GetRecords', {
          ShardIterator: iterator,
          Limit: Math.min(mapping.batchSize, 1000),
        });
        iterator = asText(answer.NextShardIterator);
        const records = (answer.Records ?? []) as readonly StreamRecord[];
        // Lambda filters first: records that the filter refuses do not fill a batch or begin its window.
        const wanted = records.map(asEvent).filter(mapping.accepts).map(sized);
        if (pending.length === 0) windowEnd = Date.now() + mapping.windowMs;
        pending.push(...wanted);
        const bytes = pending.reduce((sum, one) => sum + one.bytes, 0);
        const isFull = pending.length >= mapping.batchSize || bytes >= mostBytes;
        if (pending.length === 0) checkpoint(shard, records.at(-1));
        else if (isFull || Date.now() >= windowEnd || iterator === undefined) {
          const batches = inBatches(pending, mapping.batchSize);
          pending = [];
          for (const batch of batches) await process(shard, batch);
        }
        if (iterator === undefined) return;
        if (records.length === 0) await pause(pollEveryMs);
      } catch (error) {
        if (signal.aborted) return;
        mapping.onError(
          `reading ${mapping.streamArn} failed: ${error instanceof Error ? error.message : error}`,
        );
        iterator = undefined;
        pending = [];
        await pause(pollEveryMs);
      }
    }
  };

  const openShard = async (shard: string, isFirst: boolean): Promise<string> => {
    const after = mapping.checkpoints.get(shard);
    // The mapping must see a shard that appears later from its start.
    const start = isFirst ? mapping.startingPosition : 'TRIM_HORIZON';
    const answer = await aws.call('dynamodbstreams', 'GetShardIterator', {
      StreamArn: mapping.engineStreamArn,
      ShardId: shard,
      SequenceNumber: after,
      ShardIteratorType: after === undefined ? start : 'AFTER_SEQUENCE_NUMBER',
    });
    return String(answer.ShardIterator);
  };

  const process = async (shard: string, batch: readonly StreamRecord[]): Promise<void> => {
    let rest = batch;
    for (let attempt = 0; rest.length > 0 && !signal.aborted; attempt++) {
      const failed = await firstFailed(rest);
      if (failed > 0) {
        checkpoint(shard, rest[failed - 1]);
        rest = rest.slice(failed);
        if (rest.length === 0) return;
      }
      if (mapping.maximumRetryAttempts >= 0 && attempt >= mapping.maximumRetryAttempts) {
        mapping.onGivenUp(shard, rest);
        return checkpoint(shard, rest.at(-1));
      }
      if (mapping.bisectOnError && rest.length > 1) {
        const middle = Math.ceil(rest.length / 2);
        await process(shard, rest.slice(0, middle));
        return process(shard, rest.slice(middle));
      }
      await pause(Math.min(60_000, 500 * 2 ** attempt));
    }
  };

  /** Index of the first failed record; the length when none failed. */
  const firstFailed = async (records: readonly StreamRecord[]): Promise<number> => {
    const result = await mapping.invoke(JSON.stringify({ Records: records }));
    const ids = records.map((record) => record.dynamodb.SequenceNumber);
    const failures = batchFailures(result, ids, mapping.reportsItemFailures);
    const first = records.findIndex((record) => failures.has(record.dynamodb.SequenceNumber));
    return first < 0 ? records.length : first;
  };

  const asEvent = (record: StreamRecord) => ({
    ...record,
    awsRegion: localRegion,
    eventSourceARN: mapping.streamArn,
  });

  const checkpoint = (shard: string, record: StreamRecord | undefined): void => {
    if (record !== undefined) mapping.checkpoints.set(shard, record.dynamodb.SequenceNumber);
  };

  const watching = watch().catch((error: unknown) => {
    if (!signal.aborted) mapping.onError(`following ${mapping.streamArn} failed: ${String(error)}`);
  });
  return {
    stop: async () => {
      stopping.abort();
      await watching;
      await Promise.allSettled(shards.values());
    },
  };
}

async function listShards(streamArn: string, aws: AwsCaller): Promise<readonly string[]> {
  const answer = await aws.call('dynamodbstreams', 'DescribeStream', { StreamArn: streamArn });
  return asList(asObject(answer.StreamDescription).Shards).map((shard) => String(asObject(shard).ShardId));
}

interface Sized {
  readonly record: StreamRecord;
  /** As JSON. */
  readonly bytes: number;
}

const sized = (record: StreamRecord): Sized => ({ record, bytes: Buffer.byteLength(JSON.stringify(record)) });

/** Splits records into batches by their number and size. */
function inBatches(records: readonly Sized[], batchSize: number): StreamRecord[][] {
  const batches: StreamRecord[][] = [];
  let taken = 0;
  for (const { record, bytes } of records) {
    const last = batches.at(-1);
    taken += bytes;
    if (last === undefined || last.length === batchSize || taken > mostBytes) {
      batches.push([record]);
      taken = bytes;
    } else last.push(record);
  }
  return batches;
}
