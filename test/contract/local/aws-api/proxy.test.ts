import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

describe('policies', () => {
  it('lets a function do what its policy allows, and strips what the caller did not ask for', async () => {
    const { dynamodb } = aws.clientsOf('Worker');
    const put = await dynamodb.send(new PutItemCommand({ TableName: 'Things', Item: thing('ENDPOINT#1') }));
    const got = await dynamodb.send(
      new GetItemCommand({ TableName: 'Things', Key: { pk: { S: 'ENDPOINT#1' }, sk: { S: 'A' } } }),
    );
    expect(put.ConsumedCapacity).toBeUndefined();
    expect(got.Item).toEqual(thing('ENDPOINT#1'));
  });

  it('returns the consumed capacity to a caller who asks', async () => {
    const { dynamodb } = aws.clientsOf('Worker');
    const put = new PutItemCommand({
      TableName: 'Things',
      Item: thing('X'),
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect((await dynamodb.send(put)).ConsumedCapacity?.CapacityUnits).toBeGreaterThan(0);
  });

  const otherKey = { pk: { S: 'TOKEN#1' }, sk: { S: 'A' } };
  const ownKey = { pk: { S: 'ENDPOINT#1' }, sk: { S: 'A' } };
  const query = (
    names: object,
    values: Record<string, { S: string }>,
    KeyConditionExpression: string,
    rest = {},
  ) =>
    new QueryCommand({
      TableName: 'Things',
      KeyConditionExpression,
      ExpressionAttributeValues: values,
      ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: { ...names } }),
      ...rest,
    });
  const forbidden = {
    'GetItem of a foreign key': new GetItemCommand({ TableName: 'Things', Key: otherKey }),
    'PutItem of a foreign key': new PutItemCommand({ TableName: 'Things', Item: thing('APP#1') }),
    'Query of a foreign key': query({ '#p': 'pk' }, { ':v': { S: 'TOKEN#1' } }, '#p = :v'),
    'Query of an index by a foreign key': query({}, { ':g': { S: 'G#1' } }, 'gpk = :g', {
      IndexName: 'byGroup',
    }),
    'BatchGetItem with one foreign key': new BatchGetItemCommand({
      RequestItems: { Things: { Keys: [ownKey, otherKey] } },
    }),
    'BatchWriteItem with one foreign key': new BatchWriteItemCommand({
      RequestItems: {
        Things: [{ PutRequest: { Item: thing('ENDPOINT#2') } }, { DeleteRequest: { Key: otherKey } }],
      },
    }),
    'Scan, which is not listed': new ScanCommand({ TableName: 'Things' }),
    'TransactWriteItems that updates': new TransactWriteItemsCommand({
      TransactItems: [{ Update: { TableName: 'Things', Key: ownKey, UpdateExpression: 'REMOVE gpk' } }],
    }),
    'another table': new GetItemCommand({ TableName: 'Others', Key: ownKey }),
  };
  for (const [name, command] of Object.entries(forbidden)) {
    it(`refuses ${name} under a condition on dynamodb:LeadingKeys`, async () => {
      const { dynamodb } = aws.clientsOf('Tenant');
      // One call of many kinds: their union does not fit one overload of send.
      await expect(dynamodb.send(command as GetItemCommand)).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringContaining(
          'User: arn:aws:sts::000000000000:assumed-role/Tenant is not authorized',
        ),
        $metadata: { httpStatusCode: 400 },
      });
    });
  }

  it('lets through what stays inside the leading keys', async () => {
    const { dynamodb } = aws.clientsOf('Tenant');
    await dynamodb.send(new PutItemCommand({ TableName: 'Things', Item: thing('ENDPOINT#1') }));
    await dynamodb.send(new BatchGetItemCommand({ RequestItems: { Things: { Keys: [ownKey] } } }));
    const found = await dynamodb.send(query({}, { ':v': { S: 'ENDPOINT#1' } }, 'pk = :v'));
    expect(found.Count).toBe(1);
  });

  it('authorises a batch of messages by sqs:SendMessage and refuses the rest as SQS does', async () => {
    const { sqs } = aws.clientsOf('Tenant');
    const Entries = [{ Id: 'a', MessageBody: 'policy' }];
    const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl: aws.urlOf('work'), Entries }));
    expect(sent.Successful).toHaveLength(1);
    await expect(sqs.send(new ReceiveMessageCommand({ QueueUrl: aws.urlOf('work') }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('sqs:ReceiveMessage'),
      $metadata: { httpStatusCode: 403 },
    });
    await aws.receiveAll('work');
  });

  it("obeys a queue's own policy, and takes the proxy for the HTTPS it stands for", async () => {
    await aws.createQueue('sealed');
    const { sqs } = aws.clientsOf('Worker');
    const send = (name: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl: aws.urlOf(name), MessageBody: 'x' }));
    await expect(send('sealed')).rejects.toThrow('with an explicit deny in a resource-based policy');
    await expect(send('work')).resolves.toBeDefined();
    await aws.receiveAll('work');
  });

  it('refuses a principal that is not a function of the template', async () => {
    const { dynamodb } = aws.clientsOf('Stranger');
    await expect(
      dynamodb.send(new GetItemCommand({ TableName: 'Things', Key: ownKey })),
    ).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  it('names a call it does not know and remembers it', async () => {
    const { dynamodb } = aws.clientsOf('Worker');
    const statement = new ExecuteStatementCommand({ Statement: 'SELECT * FROM Things' });
    await expect(dynamodb.send(statement)).rejects.toThrow('dynamodb:ExecuteStatement');
    expect(aws.proxy.unknownCalls).toContain('dynamodb:ExecuteStatement by Worker');
  });
});

describe('meter', () => {
  it('counts calls, request units and errors by principal and action', async () => {
    const { dynamodb } = aws.clientsOf('Worker');
    const put = (condition?: string) =>
      dynamodb.send(
        new PutItemCommand({
          TableName: 'Things',
          Item: { pk: { S: 'METER#1' }, sk: { S: 'A' }, big: { S: 'x'.repeat(1500) } },
          ...(condition === undefined ? {} : { ConditionExpression: condition }),
        }),
      );
    await put();
    await expect(put('attribute_not_exists(pk)')).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
    });
    const Key = { pk: { S: 'METER#1' }, sk: { S: 'A' } };
    await dynamodb.send(new GetItemCommand({ TableName: 'Things', Key }));
    await dynamodb.send(new GetItemCommand({ TableName: 'Things', Key, ConsistentRead: true }));
    expect(aws.proxy.meter.snapshot()).toMatchObject([
      { principal: 'Worker', service: 'dynamodb', action: 'PutItem', calls: 2, errors: 1, writeUnits: 3 },
      { principal: 'Worker', service: 'dynamodb', action: 'GetItem', calls: 2, errors: 0, readUnits: 1.5 },
    ]);
  });

  it('bills a started chunk of 64 KB of a message as a request', async () => {
    const { sqs } = aws.clientsOf('Worker');
    const send = (bytes: number) =>
      sqs.send(new SendMessageCommand({ QueueUrl: aws.urlOf('work'), MessageBody: 'x'.repeat(bytes) }));
    await send(10);
    await send(64 * 1024);
    await send(64 * 1024 + 1);
    expect(aws.proxy.meter.snapshot()).toMatchObject([
      { action: 'SendMessage', calls: 3, billedRequests: 4 },
    ]);
    await aws.receiveAll('work');
    expect(aws.proxy.meter.snapshot()[1]).toMatchObject({ action: 'ReceiveMessage', billedRequests: 3 });
  });
});
