import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openDataDir } from '#local/data-dir/data-dir.ts';
import { openGateway } from '#local/gateway/gateway.ts';
import { type Stack, type StackOptions, startStack } from '#local/run/stack.ts';
import { type TinyAssembly, tinyApi, tinyAssembly } from '#test/support/tiny-assembly.ts';

const opened: { stop(): unknown }[] = [];

async function start(assembly: TinyAssembly, options: Partial<StackOptions> = {}): Promise<Stack> {
  opened.push({ stop: assembly.remove });
  const stack = await startStack({
    assembly,
    gateway: await openGateway(0),
    tickMs: 1e9,
    ...options,
  });
  opened.push(stack);
  return stack;
}

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.stop();
});

const queue = (properties: Record<string, unknown> = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
});
const mapping = (properties: Record<string, unknown>) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
    FunctionName: { Ref: 'Consumer' },
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ...properties,
  },
});

/** Calls SQS through the proxy, as an SDK would, without bundling one. */
const sqs = `
  const sqs = async (action, input) => {
    const response = await fetch(process.env.AWS_ENDPOINT_URL_SQS, {
      method: 'POST', body: JSON.stringify(input),
      headers: {
        'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.' + action,
        authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID
          + '/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=x',
      },
    });
    return response.json();
  };`;
const sender = `${sqs}
  export const handler = async (messages) => {
    for (const MessageBody of messages) await sqs('SendMessage', { QueueUrl: process.env.QUEUE, MessageBody });
  };`;
const sendsTo = (logicalId: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Environment: { Variables: { QUEUE: { Ref: logicalId } } } },
});
const logged = (stack: Stack, source: string) => stack.logs(source).map((line) => line.record);

describe('the local stack', () => {
  it('answers HTTP through the bundle that the template names', async () => {
    const stack = await start(
      tinyAssembly(
        {
          Api1: 'export const handler = async (event) => ({ key: event.routeKey, ...event.pathParameters })',
        },
        tinyApi('Api1', ['POST /api/events', 'ANY /x/{proxy+}', '$default']),
      ),
    );
    const answer = async (method: string, path: string) => (await fetch(stack.url + path, { method })).json();
    expect(await answer('POST', '/api/events')).toEqual({ key: 'POST /api/events' });
    expect(await answer('GET', '/x/a/b')).toEqual({ key: 'ANY /x/{proxy+}', proxy: 'a/b' });
    expect(await answer('GET', '/api/events')).toEqual({ key: '$default' });
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ AllowOrigins: ['*'] }, /Api .*AllowOrigins is \["\*"\], expected origins without wildcards/],
    [{ AllowOrigins: ['https://a.example'], AllowCredentials: true }, /AllowCredentials is true, expected/],
  ])('refuses the CORS of %j, which it would not do as AWS does', async (CorsConfiguration, message) => {
    const api = tinyApi('Api1', ['$default']);
    const assembly = tinyAssembly(
      { Api1: 'export const handler = async () => 1' },
      {
        ...api,
        Api: {
          ...api.Api,
          Type: 'AWS::ApiGatewayV2::Api',
          Properties: { ProtocolType: 'HTTP', CorsConfiguration },
        },
      },
    );
    await expect(start(assembly)).rejects.toThrow(message);
  });

  it('lets nobody invoke without a permission', async () => {
    const stack = await start(
      tinyAssembly({ Api1: 'export const handler = async () => 1' }, tinyApi('Api1', ['$default'])),
      { mutateTemplate: ({ Resources }) => void delete Resources.MayInvoke },
    );
    expect((await fetch(stack.url)).status).toBe(500);
    expect(stack.logs('local').at(-1)?.text).toMatch(/Api1: no AWS::Lambda::Permission lets apigateway/);
  });

  it('feeds a queue to its function and repeats only the items that failed', async () => {
    const consumer = `export const handler = async ({ Records }) => {
      for (const record of Records) console.log(JSON.stringify(record));
      const failed = Records.filter((r) => r.body === 'bad' && r.attributes.ApproximateReceiveCount === '1');
      return { batchItemFailures: failed.map((r) => ({ itemIdentifier: r.messageId })) };
    }`;
    const stack = await start(
      tinyAssembly(
        { Consumer: consumer, Sender: sender },
        { Queue: queue({ VisibilityTimeout: 3 }), Messages: mapping({}), Sender: sendsTo('Queue') },
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

  it('keeps to the maximum concurrency and to the filter of a mapping', async () => {
    const consumer = `export const handler = async ({ Records: [record] }) => {
      console.log(JSON.stringify({ body: record.body, at: 'start' }));
      await new Promise((resolve) => setTimeout(resolve, 100));
      console.log(JSON.stringify({ body: record.body, at: 'end' }));
    }`;
    const stack = await start(
      tinyAssembly(
        { Consumer: consumer, Sender: sender },
        {
          Queue: queue(),
          Messages: mapping({
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

  it('runs schedules when told, with the event of EventBridge', async () => {
    const stack = await start(
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

  it('follows the stream of a table', async () => {
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
    const stack = await start(
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

  it('makes custom resources and goes on from a data directory', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'hook0-data-'));
    opened.push({ stop: () => rmSync(dataDir, { recursive: true, force: true }) });
    const maker = `export const handler = async (event) => {
      console.log(JSON.stringify(event));
      await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify({
        Status: 'SUCCESS', PhysicalResourceId: 'made-1', Data: { Word: 'hello' } }) });
    }`;
    const assembly = tinyAssembly(
      {
        Maker: maker,
        Sender: sender,
        Consumer: 'export const handler = () => new Promise(() => setInterval(() => 0, 10))',
      },
      {
        Queue: queue({ VisibilityTimeout: 300 }),
        Messages: mapping({}),
        Sender: sendsTo('Queue'),
        Secret: {
          Type: 'AWS::SecretsManager::Secret',
          Properties: { GenerateSecretString: { PasswordLength: 20 } },
        },
        Made: {
          Type: 'Custom::Made',
          Properties: { ServiceToken: { 'Fn::GetAtt': ['Maker', 'Arn'] }, Size: 3, Url: { Ref: 'Queue' } },
        },
      },
      {
        Word: { Value: { 'Fn::GetAtt': ['Made', 'Word'] } },
        AdminTokenSecretArn: { Value: { Ref: 'Secret' } },
      },
    );
    const first = await start(assembly, { dataDir: openDataDir(dataDir) });
    expect(first.outputs.Word).toBe('hello');
    expect(first.secret('AdminTokenSecretArn')).toHaveLength(20);
    expect(logged(first, 'Maker')).toMatchObject([
      {
        RequestType: 'Create',
        LogicalResourceId: 'Made',
        ResourceType: 'Custom::Made',
        ResourceProperties: { Size: '3' },
      },
    ]);
    await first.invoke('Sender', ['survives']);
    const received = () =>
      first.proxy.meter.snapshot().some((entry) => entry.action === 'SendMessage' && entry.calls === 1);
    await vi.waitFor(() => expect(received()).toBe(true));
    await first.stop();

    // The message was in the hands of a function that is gone: it must not wait out its five minutes.
    const again = tinyAssembly(
      {
        Maker: maker,
        Sender: sender,
        Consumer: 'export const handler = async ({ Records }) => console.log(JSON.stringify(Records))',
      },
      JSON.parse(JSON.stringify({ Queue: queue({ VisibilityTimeout: 300 }), Messages: mapping({}) })),
    );
    const second = await start(again, { dataDir: openDataDir(dataDir) });
    await vi.waitFor(
      () =>
        expect(
          second
            .logs('Consumer')
            .map((line) => line.text)
            .join(),
        ).toContain('survives'),
      {
        timeout: 15_000,
        interval: 50,
      },
    );
  });

  it.each([
    [
      'a type',
      { Odd: { Type: 'AWS::Odd::Thing' } },
      /Odd: the local run does not know the resource type AWS::Odd::Thing/,
    ],
    [
      'a property',
      { Q: queue({ Colour: 'red' }) },
      /Q \(AWS::SQS::Queue\): the local run does not know its property Colour/,
    ],
    [
      'a value',
      { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: ['a'] } } },
      /Topic .*TopicName is \["a"\]/,
    ],
  ])('stops at %s that it does not know, with one clear error', async (_name, resources, message) => {
    await expect(start(tinyAssembly({}, resources))).rejects.toThrow(message);
  });

  it('says why a custom resource failed', async () => {
    const resources = {
      Made: { Type: 'Custom::Made', Properties: { ServiceToken: { 'Fn::GetAtt': ['Maker', 'Arn'] } } },
    };
    const assembly = tinyAssembly(
      { Maker: 'export const handler = async () => { throw new Error("no luck"); }' },
      resources,
    );
    await expect(start(assembly)).rejects.toThrow('Made (Custom::Made) failed: Error: no luck');
  });
});
