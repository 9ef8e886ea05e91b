import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestProxy, type TestProxy, thing } from '#test/support/proxy.ts';

let aws: TestProxy;

beforeAll(async () => {
  aws = await startTestProxy();
});
afterAll(() => aws?.stop());

beforeEach(() => {
  aws.proxy.faults.clear();
  aws.proxy.meter.reset();
});

describe('faults', () => {
  const Key = { pk: { S: 'F#1' }, sk: { S: 'A' } };
  const get = new GetItemCommand({ TableName: 'Things', Key });

  it("throttles with the service's own error, as often as asked, so that the SDK retries", async () => {
    const fault = aws.proxy.faults.add({
      match: (call) => call.action === 'GetItem',
      times: 2,
      kind: 'throttle',
    });
    await expect(aws.clientsOf('Worker').dynamodb.send(get)).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    await expect(aws.clientsOf('Worker', 3).dynamodb.send(get)).resolves.toBeDefined();
    expect(fault.hits).toBe(2);
  });

  it('reports SQS as unavailable', async () => {
    aws.proxy.faults.add({ match: (call) => call.service === 'sqs', times: 1, kind: 'unavailable' });
    const { sqs } = aws.clientsOf('Worker');
    const send = new SendMessageCommand({ QueueUrl: aws.urlOf('work'), MessageBody: 'never' });
    await expect(sqs.send(send)).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
  });

  it('does the work and drops the response', async () => {
    const fault = aws.proxy.faults.add({
      match: (call) => call.action === 'PutItem',
      times: 1,
      kind: 'drop-response',
    });
    const { dynamodb } = aws.clientsOf('Worker');
    await expect(
      dynamodb.send(new PutItemCommand({ TableName: 'Things', Item: thing('DROPPED#1') })),
    ).rejects.toThrow();
    const stored = { pk: { S: 'DROPPED#1' }, sk: { S: 'A' } };
    expect(
      (await dynamodb.send(new GetItemCommand({ TableName: 'Things', Key: stored }))).Item,
    ).toBeDefined();
    expect(fault.hits).toBe(1);
  });

  it('answers never, until the caller gives up', async () => {
    const fault = aws.proxy.faults.add({ match: () => true, times: 1, kind: 'timeout' });
    const aborter = new AbortController();
    const call = aws.clientsOf('Worker').dynamodb.send(get, { abortSignal: aborter.signal });
    await vi.waitFor(() => expect(fault.hits).toBe(1));
    aborter.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('fails some entries of a batch of messages and sends the others', async () => {
    aws.proxy.faults.add({
      match: (call) => call.action === 'SendMessageBatch',
      times: 1,
      kind: 'partial-batch',
    });
    const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id }));
    const sent = await aws
      .clientsOf('Worker')
      .sqs.send(new SendMessageBatchCommand({ QueueUrl: aws.urlOf('work'), Entries }));
    expect(sent.Failed?.map((entry) => entry.Id)).toEqual(['a', 'c']);
    expect(sent.Successful?.map((entry) => entry.Id)).toEqual(['b']);
    expect(await aws.receiveAll('work')).toEqual(['b']);
  });

  it('leaves some items of DynamoDB batches unprocessed', async () => {
    const { dynamodb } = aws.clientsOf('Worker');
    aws.proxy.faults.add({ match: (call) => call.action.startsWith('Batch'), kind: 'partial-batch' });
    const written = await dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: { Things: ['P#0', 'P#1'].map((pk) => ({ PutRequest: { Item: thing(pk) } })) },
      }),
    );
    expect(written.UnprocessedItems).toEqual({ Things: [{ PutRequest: { Item: thing('P#0') } }] });
    const keys = ['P#0', 'P#1'].map((pk) => ({ pk: { S: pk }, sk: { S: 'A' } }));
    const read = await dynamodb.send(new BatchGetItemCommand({ RequestItems: { Things: { Keys: keys } } }));
    expect(read.Responses?.Things).toEqual([thing('P#1')]);
    expect(read.UnprocessedKeys?.Things?.Keys).toEqual([keys[0]]);
  });

  it('shows every call to observers, before and after, and waits for them', async () => {
    const seen: string[] = [];
    const observer = aws.proxy.faults.observe({
      before: (call) => void seen.push(`before ${call.action}`),
      after: async (call, result) => {
        await Promise.resolve();
        seen.push(`after ${call.action} ${result.status}`);
      },
    });
    await aws.clientsOf('Worker').dynamodb.send(get);
    seen.push('answered');
    observer.remove();
    await aws.clientsOf('Worker').dynamodb.send(get);
    expect(seen).toEqual(['before GetItem', 'after GetItem 200', 'answered']);
  });
});
