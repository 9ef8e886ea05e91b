import { describe, expect, it, vi } from 'vitest';
import { tinyAssembly } from '#test/support/tiny-assembly.ts';
import { logged, queue, queueMapping, sender, sendsTo, startTinyStack } from '#test/support/tiny-stack.ts';

describe('event sources of the local stack', () => {
  it('feed a queue to its function and repeat only the items that failed', async () => {
    const consumer = `export const handler = async ({ Records }) => {
      for (const record of Records) console.log(JSON.stringify(record));
      const failed = Records.filter((r) => r.body === 'bad' && r.attributes.ApproximateReceiveCount === '1');
      return { batchItemFailures: failed.map((r) => ({ itemIdentifier: r.messageId })) };
    }`;
    const stack = await startTinyStack(
      tinyAssembly(
        { Consumer: consumer, Sender: sender },
        { Queue: queue({ VisibilityTimeout: 3 }), Messages: queueMapping(), Sender: sendsTo('Queue') },
      ),
    );
    await stack.invoke('Sender', ['good', 'bad']);
    await vi.waitFor(() => expect(logged(stack, 'Consumer')).toHaveLength(3), {
      timeout: 15_000,
      interval: 50,
    });
    const records = logged(stack, 'Consumer');
    expect(records.map((record) => record?.body).toSorted()).toEqual(['bad', 'bad', 'good']);
    expect(records[0]).toMatchObject({
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.stringMatching(/^\d+$/) },
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:Tiny-Queue',
      awsRegion: 'us-east-1',
    });
    // By the consumer's own role, as Lambda's pollers do.
    const calls = stack.proxy.meter.snapshot().filter((entry) => entry.principal === 'Consumer');
    expect(calls.map((entry) => entry.action)).toEqual(
      expect.arrayContaining(['ReceiveMessage', 'DeleteMessageBatch']),
    );
  });

  it('keep to the maximum concurrency and to the filter of a mapping', async () => {
    const consumer = `export const handler = async ({ Records: [record] }) => {
      console.log(JSON.stringify({ body: record.body, at: 'start' }));
      await new Promise((resolve) => setTimeout(resolve, 100));
      console.log(JSON.stringify({ body: record.body, at: 'end' }));
    }`;
    const stack = await startTinyStack(
      tinyAssembly(
        { Consumer: consumer, Sender: sender },
        {
          Queue: queue(),
          Messages: queueMapping({
            BatchSize: 1,
            ScalingConfig: { MaximumConcurrency: 2 },
            FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["wanted"]}}' }] },
          }),
          Sender: sendsTo('Queue'),
        },
      ),
    );
    const wanted = Array.from({ length: 6 }, (_, n) => JSON.stringify({ kind: 'wanted', n }));
    await stack.invoke('Sender', ['{"kind":"other"}', 'no json', ...wanted]);
    await vi.waitFor(() => expect(logged(stack, 'Consumer')).toHaveLength(12), {
      timeout: 15_000,
      interval: 50,
    });
    const lines = logged(stack, 'Consumer');
    let now = 0;
    const inFlight = lines.map((line) => {
      now += line?.at === 'start' ? 1 : -1;
      return now;
    });
    expect(Math.max(...inFlight)).toBe(2);
    expect(new Set(lines.map((line) => line?.body))).toEqual(new Set(wanted));
  });

  it('run schedules on request, with the event of EventBridge', async () => {
    const stack = await startTinyStack(
      tinyAssembly(
        { Task: 'export const handler = async (event) => console.log(JSON.stringify(event))' },
        {
          EveryMinute: {
            Type: 'AWS::Events::Rule',
            Properties: {
              ScheduleExpression: 'rate(1 minute)',
              State: 'ENABLED',
              Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Task', 'Arn'] } }],
            },
          },
          MayRun: {
            Type: 'AWS::Lambda::Permission',
            Properties: {
              Action: 'lambda:InvokeFunction',
              FunctionName: { 'Fn::GetAtt': ['Task', 'Arn'] },
              Principal: 'events.amazonaws.com',
              SourceArn: { 'Fn::GetAtt': ['EveryMinute', 'Arn'] },
            },
          },
        },
      ),
    );
    await stack.schedules.fire();
    await vi.waitFor(() =>
      expect(logged(stack, 'Task')).toMatchObject([
        { source: 'aws.events', 'detail-type': 'Scheduled Event' },
      ]),
    );
  });

  it('follow the stream of a table', async () => {
    const consumer =
      'export const handler = async ({ Records }) => { for (const r of Records) console.log(JSON.stringify(r)); }';
    const writer = `export const handler = async (ids) => {
      for (const id of ids) await fetch(process.env.AWS_ENDPOINT_URL_DYNAMODB, {
        method: 'POST', body: JSON.stringify({ TableName: process.env.TABLE, Item: { id: { S: id }, n: { N: '1' } } }),
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.PutItem', 'x-amz-date': '20260101T000000Z',
          authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID
            + '/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=x' },
      });
    }`;
    const stack = await startTinyStack(
      tinyAssembly(
        { Consumer: consumer, Writer: writer },
        {
          Table: {
            Type: 'AWS::DynamoDB::GlobalTable',
            Properties: {
              KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
              AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
              StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
              Replicas: [{ Region: { Ref: 'AWS::Region' } }],
            },
          },
          Writer: {
            Type: 'AWS::Lambda::Function',
            Properties: { Environment: { Variables: { TABLE: { Ref: 'Table' } } } },
          },
          Stream: {
            Type: 'AWS::Lambda::EventSourceMapping',
            Properties: {
              EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
              FunctionName: { Ref: 'Consumer' },
              StartingPosition: 'TRIM_HORIZON',
              FilterCriteria: {
                Filters: [{ Pattern: '{"dynamodb":{"Keys":{"id":{"S":[{"prefix":"yes"}]}}}}' }],
              },
            },
          },
        },
      ),
    );
    await stack.invoke('Writer', ['yes-1', 'no-1', 'yes-2']);
    await vi.waitFor(() => expect(logged(stack, 'Consumer')).toHaveLength(2), {
      timeout: 15_000,
      interval: 50,
    });
    expect(logged(stack, 'Consumer')).toMatchObject([
      { eventName: 'INSERT', awsRegion: 'us-east-1', dynamodb: { Keys: { id: { S: 'yes-1' } } } },
      { eventName: 'INSERT', dynamodb: { Keys: { id: { S: 'yes-2' } }, NewImage: { n: { N: '1' } } } },
    ]);
  });
});
