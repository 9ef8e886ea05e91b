import { describe, expect, it } from 'vitest';
import type { AwsCall } from '#local/aws-protocol/call.ts';
import { splitBatch } from '#local/faults/partial-batch.ts';

const call = (service: AwsCall['service'], action: string, input: object): AwsCall => ({
  principal: 'F',
  service,
  action,
  input: { ...input },
});

describe('splitBatch', () => {
  const everySecond = (index: number) => index % 2 === 0;

  it('keeps results of PutEvents in the order of their entries', () => {
    const split = splitBatch(call('events', 'PutEvents', { Entries: [1, 2, 3] }), everySecond);
    expect(split?.forward).toEqual({ Entries: [2] });
    expect(split?.merge({ FailedEntryCount: 0, Entries: [{ EventId: 'two' }] })).toMatchObject({
      FailedEntryCount: 2,
      Entries: [{ ErrorCode: 'InternalFailure' }, { EventId: 'two' }, { ErrorCode: 'InternalFailure' }],
    });
  });

  it('forwards nothing when every entry fails, and still answers in full', () => {
    const reads = { RequestItems: { T: { Keys: [{ pk: { S: 'A' } }], ConsistentRead: true } } };
    const split = splitBatch(call('dynamodb', 'BatchGetItem', reads), () => true);
    expect(split?.forward).toBeUndefined();
    expect(split?.merge({})).toEqual({ Responses: {}, UnprocessedKeys: reads.RequestItems });
  });

  it('is for batches alone', () => {
    expect(splitBatch(call('sqs', 'SendMessage', {}), everySecond)).toBeUndefined();
  });
});
