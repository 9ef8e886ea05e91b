import { afterEach, describe, expect, it } from 'vitest';
import type { AwsCaller } from '#local/aws-protocol/client.ts';
import type { Poller } from '#local/event-sources/sqs-poller.ts';
import {
  type StreamMapping,
  type StreamRecord,
  startStreamPoller,
} from '#local/event-sources/stream-poller.ts';
import type { JsonObject } from '#local/json/json.ts';
import type { InvocationResult } from '#local/lambda/settings.ts';
import { waitFor } from '#test/support/wait.ts';

const pollers: Poller[] = [];
afterEach(async () => {
  await Promise.all(pollers.splice(0).map((poller) => poller.stop()));
});

const record = (number: number, bytes = 0): StreamRecord => ({
  eventID: `e${number}${'x'.repeat(bytes)}`,
  dynamodb: { SequenceNumber: String(number) },
});
const megabyte = 1024 * 1024;
const numbersOf = (records: readonly StreamRecord[]) =>
  records.map(({ dynamodb }) => Number(dynamodb.SequenceNumber));

type Answer = (numbers: readonly number[]) => readonly number[] | 'crash';

/** A stream of one shard, closed after its records, and a function that answers which of a batch failed. */
function follow(records: number, answer: Answer, change: Partial<StreamMapping> = {}, bytes = 0) {
  const batches: number[][] = [];
  const givenUp: number[] = [];
  const positions: string[] = [];
  let read = 0;
  const call: AwsCaller['call'] = async (_, action, input): Promise<JsonObject> => {
    if (action === 'DescribeStream') return { StreamDescription: { Shards: [{ ShardId: 's' }] } };
    if (action === 'GetShardIterator') return { ShardIterator: 'i' };
    const { Limit } = input as { Limit: number };
    const from = read;
    read = Math.min(records, from + Limit);
    const Records = Array.from({ length: read - from }, (__, index) => record(from + index + 1, bytes));
    return read < records ? { Records, NextShardIterator: 'i' } : { Records };
  };
  const aws: AwsCaller = { call, close: () => undefined };
  const poller = startStreamPoller(
    {
      engineStreamArn: 'engine',
      streamArn: 'stream',
      startingPosition: 'TRIM_HORIZON',
      batchSize: 10,
      windowMs: 0,
      maximumRetryAttempts: 0,
      bisectOnError: true,
      reportsItemFailures: true,
      accepts: () => true,
      invoke: async (payload): Promise<InvocationResult> => {
        const batch = numbersOf((JSON.parse(payload) as { Records: StreamRecord[] }).Records);
        batches.push(batch);
        const failed = answer(batch);
        if (failed === 'crash') return { kind: 'throttled' };
        const batchItemFailures = failed.map((number) => ({ itemIdentifier: String(number) }));
        return { kind: 'result', payload: JSON.stringify({ batchItemFailures }) };
      },
      onGivenUp: (_, rest) => givenUp.push(...numbersOf(rest)),
      onError: (message) => {
        throw new Error(message);
      },
      checkpoints: { get: () => undefined, set: (_, position) => positions.push(position) },
      ...change,
    },
    { aws, asFunction: aws },
  );
  pollers.push(poller);
  const done = () => waitFor('the end of the shard', async () => positions.at(-1) === String(records));
  return { batches, givenUp, done };
}

describe('the records of a stream', () => {
  it('come in order, in full batches of what passes the filter', async () => {
    const even = (given: unknown) => Number((given as StreamRecord).dynamodb.SequenceNumber) % 2 === 0;
    const { batches, done } = follow(20, () => [], { batchSize: 4, windowMs: 60_000, accepts: even });
    await done();

    expect(batches).toEqual([
      [2, 4, 6, 8],
      [10, 12, 14, 16],
      [18, 20],
    ]);
  });

  it('come in as many batches as an invocation can take, 6 MB at most', async () => {
    const { batches, done } = follow(7, () => [], { batchSize: 100 }, 2.5 * megabyte);
    await done();

    expect(batches).toEqual([[1, 2], [3, 4], [5, 6], [7]]);
  });

  it('go on from the first that failed, and never behind what succeeded', async () => {
    let failures = 1;
    const { batches, givenUp, done } = follow(
      6,
      (batch) => (batch.includes(4) && failures-- > 0 ? [5, 4] : []),
      { maximumRetryAttempts: 3, bisectOnError: false },
    );
    await done();

    expect(batches).toEqual([
      [1, 2, 3, 4, 5, 6],
      [4, 5, 6],
    ]);
    expect(givenUp).toEqual([]);
  });

  it('that crash the function are found by halves and given up alone', async () => {
    const { givenUp, batches, done } = follow(8, (batch) => (batch.includes(6) ? 'crash' : []), {
      maximumRetryAttempts: 1,
    });
    await done();

    expect(givenUp).toEqual([6]);
    expect(
      batches
        .filter((batch) => !batch.includes(6))
        .flat()
        .sort(),
    ).toEqual([1, 2, 3, 4, 5, 7, 8]);
  });

  it('that the filter refuses are skipped without a call', async () => {
    const { batches, done } = follow(5, () => 'crash', { accepts: () => false });
    await done();

    expect(batches).toEqual([]);
  });
});
