import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Engines, startEngines } from '../../local/engines.ts';
import { parseStatement } from '../../local/policy/parse-statement.ts';
import type { Statement } from '../../local/policy/statement.ts';
import { type Proxy as AwsProxy, rootPrincipal, startProxy } from '../../local/proxy/proxy.ts';

const tableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/Things';
const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const secretArn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Token';
const busArn = 'arn:aws:events:us-east-1:000000000000:event-bus/Bus';

const allow = (Action: string | string[], Resource: string | string[], Condition?: object): Statement =>
  parseStatement({ Effect: 'Allow', Action, Resource, Condition }, 'test');

const policies: { [principal: string]: readonly Statement[] } = {
  Worker: [
    allow('dynamodb:*', [tableArn, `${tableArn}/index/*`]),
    allow('sqs:*', queueArn('*')),
    allow('secretsmanager:*', secretArn),
    allow('events:PutEvents', busArn),
  ],
  Tenant: [
    allow(
      [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:BatchGetItem',
        'dynamodb:BatchWriteItem',
      ],
      [tableArn, `${tableArn}/index/*`],
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ENDPOINT#*'] } },
    ),
    allow('sqs:SendMessage', queueArn('work')),
  ],
};

let engines: Engines;
let proxy: AwsProxy;
const secrets = new Map<string, string>();
const delivered: { target: string; event: unknown }[] = [];

interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly secrets: SecretsManagerClient;
  readonly events: EventBridgeClient;
}
const open: { destroy(): void }[] = [];

/** Clients as a function would build them from its environment; `maxAttempts` 1 shows each answer as it is. */
function clientsOf(principal: string, maxAttempts = 1): Clients {
  const env = proxy.environmentFor(principal);
  const credentials = {
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
  };
  const common = { region: env.AWS_REGION ?? '', credentials, maxAttempts };
  const clients = {
    dynamodb: new DynamoDBClient({ ...common, endpoint: env.AWS_ENDPOINT_URL_DYNAMODB ?? '' }),
    sqs: new SQSClient({ ...common, endpoint: env.AWS_ENDPOINT_URL_SQS ?? '' }),
    secrets: new SecretsManagerClient({ ...common, endpoint: env.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? '' }),
    events: new EventBridgeClient({ ...common, endpoint: env.AWS_ENDPOINT_URL_EVENTBRIDGE ?? '' }),
  };
  open.push(...Object.values(clients));
  return clients;
}

const urlOf = (name: string) => `${proxy.origin}/000000000000/${name}`;
const thing = (pk: string, sk = 'A', gpk = 'G#1') => ({ pk: { S: pk }, sk: { S: sk }, gpk: { S: gpk } });
const receiveAll = async (name: string) => {
  const { sqs } = clientsOf(rootPrincipal);
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: urlOf(name), MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
  );
  return Messages.map((message) => message.Body).sort();
};
const createQueue = async (name: string, Attributes: Record<string, string> = {}) => {
  const { sqs } = clientsOf(rootPrincipal);
  return (await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }))).QueueUrl;
};

beforeAll(async () => {
  engines = await startEngines({});
  proxy = await startProxy({
    engines,
    statementsOf: (principal) => policies[principal],
    queuePolicies: (arn) =>
      arn === queueArn('sealed')
        ? [
            parseStatement(
              { Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: arn },
              'queue',
            ),
          ]
        : [
            parseStatement(
              {
                Effect: 'Deny',
                Principal: { AWS: '*' },
                Action: 'sqs:*',
                Resource: arn,
                Condition: { Bool: { 'aws:SecureTransport': 'false' } },
              },
              'queue',
            ),
          ],
    secrets: { get: (arn) => secrets.get(arn), put: (arn, value) => secrets.set(arn, value) },
    eventRules: () => [
      {
        name: 'Dead',
        busName: 'Bus',
        pattern: { source: ['hook0'], 'detail-type': [{ prefix: 'delivery.' }] },
        targets: [{ arn: 'arn:aws:sns:us-east-1:000000000000:Mail', inputPath: '$.detail' }],
      },
    ],
    deliverEvent: async (target, event) => {
      delivered.push({ target, event });
    },
    onUnknown: () => undefined,
  });
  await clientsOf(rootPrincipal).dynamodb.send(
    new CreateTableCommand({
      TableName: 'Things',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'gpk'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byGroup',
          KeySchema: [{ AttributeName: 'gpk', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  await createQueue('work');
});

afterAll(async () => {
  for (const client of open) client.destroy();
  await proxy?.stop();
  await engines?.stop();
});

beforeEach(() => {
  proxy.faults.clear();
  proxy.meter.reset();
});

describe('policies', () => {
  it('lets a function do what its policy allows, and strips what the caller did not ask for', async () => {
    const { dynamodb } = clientsOf('Worker');
    const put = await dynamodb.send(new PutItemCommand({ TableName: 'Things', Item: thing('ENDPOINT#1') }));
    const got = await dynamodb.send(
      new GetItemCommand({ TableName: 'Things', Key: { pk: { S: 'ENDPOINT#1' }, sk: { S: 'A' } } }),
    );
    expect(put.ConsumedCapacity).toBeUndefined();
    expect(got.Item).toEqual(thing('ENDPOINT#1'));
  });

  it('returns the consumed capacity to a caller who asks', async () => {
    const { dynamodb } = clientsOf('Worker');
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
      const { dynamodb } = clientsOf('Tenant');
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
    const { dynamodb } = clientsOf('Tenant');
    await dynamodb.send(new PutItemCommand({ TableName: 'Things', Item: thing('ENDPOINT#1') }));
    await dynamodb.send(new BatchGetItemCommand({ RequestItems: { Things: { Keys: [ownKey] } } }));
    const found = await dynamodb.send(query({}, { ':v': { S: 'ENDPOINT#1' } }, 'pk = :v'));
    expect(found.Count).toBe(1);
  });

  it('authorises a batch of messages by sqs:SendMessage and refuses the rest as SQS does', async () => {
    const { sqs } = clientsOf('Tenant');
    const Entries = [{ Id: 'a', MessageBody: 'policy' }];
    const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl: urlOf('work'), Entries }));
    expect(sent.Successful).toHaveLength(1);
    await expect(sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf('work') }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('sqs:ReceiveMessage'),
      $metadata: { httpStatusCode: 403 },
    });
    await receiveAll('work');
  });

  it("obeys a queue's own policy, and takes the proxy for the HTTPS it stands for", async () => {
    await createQueue('sealed');
    const { sqs } = clientsOf('Worker');
    const send = (name: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl: urlOf(name), MessageBody: 'x' }));
    await expect(send('sealed')).rejects.toThrow('with an explicit deny in a resource-based policy');
    await expect(send('work')).resolves.toBeDefined();
    await receiveAll('work');
  });

  it('refuses a principal that is no function of the template', async () => {
    const { dynamodb } = clientsOf('Stranger');
    await expect(
      dynamodb.send(new GetItemCommand({ TableName: 'Things', Key: ownKey })),
    ).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  it('names a call it does not know and remembers it', async () => {
    const { dynamodb } = clientsOf('Worker');
    const statement = new ExecuteStatementCommand({ Statement: 'SELECT * FROM Things' });
    await expect(dynamodb.send(statement)).rejects.toThrow('dynamodb:ExecuteStatement');
    expect(proxy.unknownCalls).toContain('dynamodb:ExecuteStatement by Worker');
  });
});

describe('meter', () => {
  it('counts calls, request units and errors by principal and action', async () => {
    const { dynamodb } = clientsOf('Worker');
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
    expect(proxy.meter.snapshot()).toMatchObject([
      { principal: 'Worker', service: 'dynamodb', action: 'PutItem', calls: 2, errors: 1, writeUnits: 3 },
      { principal: 'Worker', service: 'dynamodb', action: 'GetItem', calls: 2, errors: 0, readUnits: 1.5 },
    ]);
  });

  it('bills a started chunk of 64 KB of a message as a request', async () => {
    const { sqs } = clientsOf('Worker');
    const send = (bytes: number) =>
      sqs.send(new SendMessageCommand({ QueueUrl: urlOf('work'), MessageBody: 'x'.repeat(bytes) }));
    await send(10);
    await send(64 * 1024);
    await send(64 * 1024 + 1);
    expect(proxy.meter.snapshot()).toMatchObject([{ action: 'SendMessage', calls: 3, billedRequests: 4 }]);
    await receiveAll('work');
    expect(proxy.meter.snapshot()[1]).toMatchObject({ action: 'ReceiveMessage', billedRequests: 3 });
  });
});

describe('faults', () => {
  const Key = { pk: { S: 'F#1' }, sk: { S: 'A' } };
  const get = new GetItemCommand({ TableName: 'Things', Key });

  it("throttles with the service's own error, as often as asked, so that the SDK retries", async () => {
    const fault = proxy.faults.add({
      match: (call) => call.action === 'GetItem',
      times: 2,
      kind: 'throttle',
    });
    await expect(clientsOf('Worker').dynamodb.send(get)).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    await expect(clientsOf('Worker', 3).dynamodb.send(get)).resolves.toBeDefined();
    expect(fault.hits).toBe(2);
  });

  it('reports SQS as unavailable', async () => {
    proxy.faults.add({ match: (call) => call.service === 'sqs', times: 1, kind: 'unavailable' });
    const { sqs } = clientsOf('Worker');
    const send = new SendMessageCommand({ QueueUrl: urlOf('work'), MessageBody: 'never' });
    await expect(sqs.send(send)).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
  });

  it('does the work and drops the response', async () => {
    const fault = proxy.faults.add({
      match: (call) => call.action === 'PutItem',
      times: 1,
      kind: 'drop-response',
    });
    const { dynamodb } = clientsOf('Worker');
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
    const fault = proxy.faults.add({ match: () => true, times: 1, kind: 'timeout' });
    const aborter = new AbortController();
    const call = clientsOf('Worker').dynamodb.send(get, { abortSignal: aborter.signal });
    await vi.waitFor(() => expect(fault.hits).toBe(1));
    aborter.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('fails some entries of a batch of messages and sends the others', async () => {
    proxy.faults.add({
      match: (call) => call.action === 'SendMessageBatch',
      times: 1,
      kind: 'partial-batch',
    });
    const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id }));
    const sent = await clientsOf('Worker').sqs.send(
      new SendMessageBatchCommand({ QueueUrl: urlOf('work'), Entries }),
    );
    expect(sent.Failed?.map((entry) => entry.Id)).toEqual(['a', 'c']);
    expect(sent.Successful?.map((entry) => entry.Id)).toEqual(['b']);
    expect(await receiveAll('work')).toEqual(['b']);
  });

  it('leaves some items of DynamoDB batches unprocessed', async () => {
    const { dynamodb } = clientsOf('Worker');
    proxy.faults.add({ match: (call) => call.action.startsWith('Batch'), kind: 'partial-batch' });
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
    const observer = proxy.faults.observe({
      before: (call) => void seen.push(`before ${call.action}`),
      after: async (call, result) => {
        await Promise.resolve();
        seen.push(`after ${call.action} ${result.status}`);
      },
    });
    await clientsOf('Worker').dynamodb.send(get);
    seen.push('answered');
    observer.remove();
    await clientsOf('Worker').dynamodb.send(get);
    expect(seen).toEqual(['before GetItem', 'after GetItem 200', 'answered']);
  });
});

describe('services the proxy plays', () => {
  it('keeps secrets', async () => {
    const client = clientsOf('Worker').secrets;
    await expect(client.send(new GetSecretValueCommand({ SecretId: secretArn }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await client.send(new PutSecretValueCommand({ SecretId: secretArn, SecretString: 'hk0_1' }));
    const read = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
    expect(read.SecretString).toBe('hk0_1');
    secrets.clear();
  });

  it('carries events that a rule matches to its targets', async () => {
    const entry = (DetailType: string, Detail: string) => ({
      EventBusName: 'Bus',
      Source: 'hook0',
      DetailType,
      Detail,
    });
    const put = await clientsOf('Worker').events.send(
      new PutEventsCommand({
        Entries: [
          entry('delivery.dead', '{"id":1}'),
          entry('circuit.opened', '{"id":2}'),
          entry('delivery.dead', 'no'),
        ],
      }),
    );
    expect(put.FailedEntryCount).toBe(1);
    expect(put.Entries?.[2]?.ErrorCode).toBe('MalformedDetail');
    await vi.waitFor(() =>
      expect(delivered).toEqual([{ target: 'arn:aws:sns:us-east-1:000000000000:Mail', event: { id: 1 } }]),
    );
  });

  it("hands out queue URLs on the proxy's own origin", async () => {
    const found = await clientsOf('Worker').sqs.send(new GetQueueUrlCommand({ QueueName: 'work' }));
    expect(found.QueueUrl).toBe(urlOf('work'));
  });

  it('gives back what a poll received whose caller went away', async () => {
    await createQueue('patient', { VisibilityTimeout: '600' });
    const polled = new Promise<void>((resolve) => {
      const observer = proxy.faults.observe({
        before: (call) => {
          if (call.action !== 'ReceiveMessage') return;
          observer.remove();
          resolve();
        },
      });
    });
    const { sqs } = clientsOf('Worker');
    const aborter = new AbortController();
    const poll = sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf('patient'), WaitTimeSeconds: 20 }), {
      abortSignal: aborter.signal,
    });
    await polled;
    aborter.abort();
    await expect(poll).rejects.toMatchObject({ name: 'AbortError' });
    await sqs.send(new SendMessageCommand({ QueueUrl: urlOf('patient'), MessageBody: 'kept' }));
    await vi.waitFor(async () => expect(await receiveAll('patient')).toEqual(['kept']), { timeout: 20_000 });
  });
});

describe('move tasks', () => {
  const finished = async (name: string) => {
    const { sqs } = clientsOf('Worker');
    return vi.waitFor(async () => {
      const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: queueArn(name) }));
      expect(Results[0]?.Status).not.toBe('RUNNING');
      return Results[0];
    });
  };
  const deadLetterPair = async (name: string) => {
    await createQueue(`${name}-dead`);
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: queueArn(`${name}-dead`),
      maxReceiveCount: 1,
    });
    await createQueue(name, { RedrivePolicy, VisibilityTimeout: '1' });
  };

  it('moves what was sent to a dead-letter queue to the queue that is named', async () => {
    await deadLetterPair('first');
    const { sqs } = clientsOf('Worker');
    for (const MessageBody of ['1', '2']) {
      await sqs.send(new SendMessageCommand({ QueueUrl: urlOf('first-dead'), MessageBody }));
    }
    await createQueue('redrive');
    await sqs.send(
      new StartMessageMoveTaskCommand({
        SourceArn: queueArn('first-dead'),
        DestinationArn: queueArn('redrive'),
      }),
    );
    expect(await finished('first-dead')).toMatchObject({
      Status: 'COMPLETED',
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 2,
    });
    expect(await receiveAll('redrive')).toEqual(['1', '2']);
  });

  it('returns redriven messages to their source, and fails on those that were sent straight', async () => {
    await deadLetterPair('second');
    const { sqs } = clientsOf('Worker');
    const SourceArn = queueArn('second-dead');
    await sqs.send(new SendMessageCommand({ QueueUrl: urlOf('second'), MessageBody: 'redriven' }));
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf('second') }));
    // Each receive after the visibility timeout is one too many: the engine moves the message.
    await vi.waitFor(
      async () => {
        await sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf('second') }));
        const start = await sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
        expect(start.TaskHandle).toBeDefined();
        expect(await finished('second-dead')).toMatchObject({ ApproximateNumberOfMessagesMoved: 1 });
      },
      { timeout: 20_000, interval: 200 },
    );
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf('second') }));
    expect(Messages[0]?.Body).toBe('redriven');
    await sqs.send(
      new DeleteMessageCommand({
        QueueUrl: urlOf('second'),
        ReceiptHandle: Messages[0]?.ReceiptHandle ?? '',
      }),
    );
    await sqs.send(new SendMessageCommand({ QueueUrl: urlOf('second-dead'), MessageBody: 'straight' }));
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
    expect(await finished('second-dead')).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'CouldNotDetermineMessageSource',
    });
  });

  it('refuses a source that is no dead-letter queue, and a pace above the limit', async () => {
    const { sqs } = clientsOf('Worker');
    await expect(
      sqs.send(
        new StartMessageMoveTaskCommand({ SourceArn: queueArn('work'), DestinationArn: queueArn('work') }),
      ),
    ).rejects.toThrow('Dead Letter Queue');
    await expect(
      sqs.send(
        new StartMessageMoveTaskCommand({ SourceArn: queueArn('work'), MaxNumberOfMessagesPerSecond: 501 }),
      ),
    ).rejects.toThrow('between 1 and 500');
  });
});
