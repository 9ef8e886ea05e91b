import { describe, expect, it } from 'vitest';
import { ofType, rolesOf, synthesized } from './synthesized.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const dev = synthesized();
const roles = rolesOf(dev);
const managed = synthesized({ customerManagedKey: true });

const list = <Value>(value: Value | readonly Value[]): readonly Value[] =>
  Array.isArray(value) ? value : [value as Value];

function statementsOf(name: string): readonly Statement[] {
  const policies = roles[name]?.Properties.Policies as { PolicyDocument: { Statement: Statement[] } }[];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** `{"Fn::GetAtt": ["Hook0HighQueue", "Arn"]}` → HighQueue; an index of a table keeps its path. */
function resourceName(resource: unknown): string {
  const text = JSON.stringify(resource);
  const name = /"Hook0(\w+?)([0-9A-F]{8})?"/.exec(text)?.[1] ?? text;
  const stream = text.includes('"StreamArn"') ? ' stream' : '';
  return `${name}${/"(\/index\/\w+)"/.exec(text)?.[1] ?? ''}${stream}`;
}

/** One line per statement: resources, condition on keys, actions. */
function read(name: string): string[] {
  return statementsOf(name).map(({ Action, Resource, Condition }) => {
    const keys = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] as string[] | undefined;
    const named = Condition?.['ForAllValues:StringEquals']?.['dynamodb:Attributes'] as string[] | undefined;
    const context = Condition?.['ForAllValues:StringEquals']?.['kms:EncryptionContextKeys'];
    const where =
      (context ? ` for ${list(context).join(', ')}` : '') +
      (keys ? ` where pk is like ${keys.join(', ')}` : '') +
      (named ? ` naming ${named.join(', ')}` : '');
    return `${list(Resource).map(resourceName).sort().join(' ')}${where}: ${[...list(Action)].sort().join(' ')}`;
  });
}

const readItems = 'dynamodb:BatchGetItem dynamodb:GetItem';
const everything = `dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem`;
const consume = 'sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage';
const write = 'logs:CreateLogStream logs:PutLogEvents';

const everyQueue =
  'DeadLetterQueue FanOutQueue HighQueue LowQueue NormalQueue QuarantineQueue RedriveQueue RetryQueue SlowQueue';

const deliver = (name: string) => [
  `Deliver${name}Logs: ${write}`,
  `ConfigTable where pk is like ENDPOINT#*: dynamodb:Query dynamodb:UpdateItem`,
  'ConfigTable where pk is like ATTENTION#*: dynamodb:UpdateItem',
  'EventTable where pk is like ENDPOINT#*, APP#*: dynamodb:GetItem',
  'EventTable where pk is like ENDPOINT#*: dynamodb:PutItem',
  `DeadLetterQueue FanOutQueue RetryQueue${name === 'Slow' ? '' : ' SlowQueue'}: sqs:SendMessage`,
  'LifecycleBus: events:PutEvents',
  'CredentialKey for application: kms:Decrypt',
  `${name}Queue: ${consume}`,
];

const expected: Readonly<Record<string, readonly string[]>> = {
  Ingest: [
    `IngestLogs: ${write}`,
    `ConfigTable where pk is like APP#*, VERSION#*, TOKEN#*: ${readItems} dynamodb:Query`,
    'ConfigTable where pk is like TOKEN#* naming pk, sk, lastUsedAt: dynamodb:UpdateItem',
    'EventTable where pk is like APP#*, IDEMPOTENCY#*: dynamodb:GetItem',
    'EventTable where pk is like APP#*, EVENT#*, ENDPOINT#*, IDEMPOTENCY#*: dynamodb:PutItem',
    'EventTable where pk is like RATE#*: dynamodb:UpdateItem',
    'FanOutQueue HighQueue LowQueue NormalQueue: sqs:SendMessage',
  ],
  FanOut: [
    `FanOutLogs: ${write}`,
    'ConfigTable where pk is like ENDPOINT#*: dynamodb:Query',
    'ConfigTable where pk is like ATTENTION#*: dynamodb:GetItem dynamodb:UpdateItem',
    'EventTable where pk is like APP#*, EVENT#*, ENDPOINT#*: dynamodb:GetItem',
    'EventTable where pk is like EVENT#*, ENDPOINT#*: dynamodb:PutItem',
    'EventTable/index/attention: dynamodb:Query',
    'FanOutQueue HighQueue LowQueue NormalQueue RetryQueue: sqs:SendMessage',
    `FanOutQueue: ${consume}`,
  ],
  DeliverHigh: deliver('High'),
  DeliverNormal: deliver('Normal'),
  DeliverLow: deliver('Low'),
  DeliverRetry: deliver('Retry'),
  DeliverSlow: deliver('Slow'),
  Api: [
    `ApiLogs: ${write}`,
    `ConfigTable: ${everything}`,
    `EventTable: ${readItems} dynamodb:PutItem dynamodb:Query`,
    'EventTable where pk is like APP#*, RATE#*: dynamodb:UpdateItem',
    'EventTable/index/attention: dynamodb:Query',
    'FanOutQueue HighQueue LowQueue NormalQueue RedriveQueue RetryQueue: sqs:SendMessage',
    `${everyQueue}: sqs:GetQueueAttributes`,
    'LifecycleBus: events:PutEvents',
    'DeliverSlowFunction: lambda:InvokeFunction',
    'CredentialKey for application: kms:Decrypt kms:GenerateDataKey',
  ],
  Web: [`WebLogs: ${write}`, 'ConfigTable where pk is like APP#default: dynamodb:GetItem'],
  Scheduler: [
    `SchedulerLogs: ${write}`,
    `ConfigTable: ${everything}`,
    'EventTable where pk is like ENDPOINT#*: dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    'EventTable/index/attention: dynamodb:Query',
    'FanOutQueue HighQueue LowQueue NormalQueue RetryQueue: sqs:SendMessage',
    'LifecycleBus: events:PutEvents',
  ],
  Tasks: [
    `TasksLogs: ${write}`,
    'ConfigTable where pk is like ENDPOINT#*: dynamodb:Query',
    `EventTable: ${readItems} dynamodb:PutItem`,
    'EventTable where pk is like APP#*: dynamodb:UpdateItem',
    'EventTable where pk is like ENDPOINT#*: dynamodb:Query',
    'EventTable/index/attention: dynamodb:Query',
    'DeadLetterQueue HighQueue LowQueue NormalQueue RedriveQueue RetryQueue: sqs:SendMessage',
    `RedriveQueue: ${consume}`,
  ],
  Quarantine: [
    `QuarantineLogs: ${write}`,
    'ConfigTable where pk is like ENDPOINT#*, ATTENTION#*: dynamodb:UpdateItem',
    'EventTable where pk is like ENDPOINT#*, APP#*: dynamodb:GetItem',
    'EventTable where pk is like ENDPOINT#*: dynamodb:PutItem',
    'DeadLetterQueue FanOutQueue: sqs:SendMessage',
    'LifecycleBus: events:PutEvents',
    `QuarantineQueue: ${consume}`,
  ],
  Reconcile: [
    `ReconcileLogs: ${write}`,
    'ConfigTable where pk is like APP#*: dynamodb:BatchGetItem dynamodb:Query',
    'ConfigTable where pk is like ATTENTION#*: dynamodb:GetItem dynamodb:UpdateItem',
    `EventTable: ${readItems} dynamodb:PutItem dynamodb:Query`,
    'EventTable/index/attention: dynamodb:Scan',
    'HighQueue LowQueue NormalQueue: sqs:SendMessage',
  ],
  Rollup: [
    `RollupLogs: ${write}`,
    'EventTable where pk is like STATS#*: dynamodb:BatchGetItem dynamodb:PutItem',
    'EventTable stream: dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams',
    'RollupFailedQueue: sqs:SendMessage',
  ],
  Bootstrap: [
    `BootstrapLogs: ${write}`,
    'ConfigTable where pk is like TOKEN#*, APP#*, VERSION#*: dynamodb:ConditionCheckItem dynamodb:GetItem dynamodb:PutItem',
    'ConfigTable where pk is like APP#*: dynamodb:Query',
    'ConfigTable where pk is like TOKEN#*, APP#*: dynamodb:DeleteItem',
    'AdminToken: secretsmanager:GetSecretValue secretsmanager:PutSecretValue',
    'ApiFunction: lambda:InvokeFunction',
  ],
};

describe('what functions may do', () => {
  it('is in the role of each, and nowhere else', () => {
    expect(Object.keys(roles)).toEqual(Object.keys(expected));
    for (const { Properties } of Object.values(roles))
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    dev.template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  it.each(Object.entries(expected))('%s has exactly the permissions that it needs', (name, lines) => {
    expect(read(name)).toEqual(lines);
  });

  it.each(Object.keys(expected))('%s has no wildcard', (name) => {
    for (const { Effect, Action, Resource } of statementsOf(name)) {
      expect(Effect).toBe('Allow');
      expect(JSON.stringify([Action, Resource])).not.toContain('*');
    }
  });

  it('excludes requests without keys where keys are restricted', () => {
    const restricted = Object.keys(expected)
      .flatMap(statementsOf)
      .filter(({ Condition }) => Condition?.['ForAllValues:StringLike']);

    expect(restricted.length).toBeGreaterThan(0);
    for (const { Condition } of restricted)
      expect(Condition?.Null).toEqual({ 'dynamodb:LeadingKeys': 'false' });
  });

  it('uses the key of credentials only for one application at a time', () => {
    const uses = Object.keys(expected)
      .flatMap(statementsOf)
      .filter(({ Action }) => list(Action).some((action) => action.startsWith('kms:')));

    expect(uses).toHaveLength(6);
    for (const { Condition } of uses) {
      expect(Condition).toEqual({
        'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['application'] },
        Null: { 'kms:EncryptionContext:application': 'false' },
      });
    }
  });

  it('includes no key when credentials are not encrypted', () => {
    const off = synthesized({ credentialEncryption: 'off' });

    expect(JSON.stringify(rolesOf(off))).not.toContain('kms:');
    off.template.resourceCountIs('AWS::KMS::Key', 0);
  });

  it('does not depend on the key of the table', () => {
    expect(rolesOf(managed)).toEqual(roles);
  });
});

describe('what others may do', () => {
  const policies = ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'].flatMap((type) => ofType(dev, type));
  const statements = policies.flatMap(
    ([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement,
  );

  it('is to publish alarms of this account, and nothing else', () => {
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');

    expect(allowed).toMatchObject([
      {
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });
});
