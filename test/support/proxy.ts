import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type AwsProxy, rootPrincipal, startProxy } from '#local/aws-api/proxy.ts';
import { newKey } from '#local/aws-api/services/kms.ts';
import { startEngines } from '#local/engines/engines.ts';
import { parseStatement } from '#local/iam/parse-statement.ts';
import type { Statement } from '#local/iam/statement.ts';
import type { InvocationResult } from '#local/lambda/settings.ts';

const tableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/Things';
export const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
export const secretArn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Token';
const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const busArn = 'arn:aws:events:us-east-1:000000000000:event-bus/Bus';

export const kmsKeyArn = (id: string) => `arn:aws:kms:us-east-1:000000000000:key/${id}`;

const allow = (Action: string | string[], Resource: string | string[], Condition?: object): Statement =>
  parseStatement({ Effect: 'Allow', Action, Resource, Condition }, 'test');

const policies: { [principal: string]: readonly Statement[] } = {
  Worker: [
    allow('dynamodb:*', [tableArn, `${tableArn}/index/*`]),
    allow('sqs:*', queueArn('*')),
    allow('secretsmanager:*', secretArn),
    allow('events:PutEvents', busArn),
    allow('lambda:InvokeFunction', functionArn('*')),
    allow('kms:*', kmsKeyArn('*'), {
      'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['application'] },
      Null: { 'kms:EncryptionContext:application': 'false' },
    }),
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
    allow('kms:Decrypt', kmsKeyArn('wraps'), {
      StringEquals: { 'kms:EncryptionContext:Application': 'acme' },
    }),
  ],
};

/** Functions by ARN: one that works, one that fails, one that is busy. */
const functions: { readonly [arn: string]: (payload: string) => Promise<InvocationResult> } = {
  [functionArn('Echo')]: async (payload) => ({ kind: 'result', payload: `{"heard":${payload}}` }),
  [functionArn('Broken')]: async () => ({
    kind: 'error',
    error: { errorType: 'Error', errorMessage: 'broken', trace: [] },
  }),
  [functionArn('Busy')]: async () => ({ kind: 'throttled' }),
};

interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly secrets: SecretsManagerClient;
  readonly events: EventBridgeClient;
  readonly lambda: LambdaClient;
  readonly kms: KMSClient;
}

export const thing = (pk: string, sk = 'A', gpk = 'G#1') => ({
  pk: { S: pk },
  sk: { S: sk },
  gpk: { S: gpk },
});

/** The proxy before both engines, with the table `Things`, the queue `work`, and the principals Worker and Tenant. */
export async function startTestProxy() {
  const secrets = new Map<string, unknown>();
  const delivered: { target: string; event: unknown }[] = [];
  const engines = await startEngines({});
  const proxy: AwsProxy = await startProxy({
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
    secrets,
    kmsKeys: new Map<string, unknown>(['wraps', 'other', 'closed'].map((id) => [kmsKeyArn(id), newKey()])),
    // The policy of the closed key leaves nothing to the policies of roles.
    keyPolicies: (arn) =>
      arn === kmsKeyArn('closed')
        ? []
        : [
            parseStatement(
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::000000000000:root' },
                Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
                Resource: '*',
              },
              'key',
            ),
          ],
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
    invoke: (arn, payload) => functions[arn]?.(payload),
    onUnknown: () => undefined,
  });

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
      kms: new KMSClient({ ...common, endpoint: env.AWS_ENDPOINT_URL_KMS ?? '' }),
      lambda: new LambdaClient({ ...common, endpoint: env.AWS_ENDPOINT_URL_LAMBDA ?? '' }),
    };
    open.push(...Object.values(clients));
    return clients;
  }

  const urlOf = (name: string) => `${proxy.origin}/000000000000/${name}`;
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

  const stop = async (): Promise<void> => {
    for (const client of open) client.destroy();
    await proxy.stop();
    await engines.stop();
  };
  return { proxy, secrets, delivered, clientsOf, urlOf, receiveAll, createQueue, stop };
}

export type TestProxy = Awaited<ReturnType<typeof startTestProxy>>;
