import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

// Statements are written by hand, because the CDK's grants allow more than our code calls (Scan, GetRecords, …), change
// with the version of the CDK and cannot have conditions on keys.

// IAM has no actions for transactions: it checks the actions of their parts.
export const everyItemAction = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'ConditionCheckItem',
] as const;

type TableAction = (typeof everyItemAction)[number] | 'Scan';

/** Which items and indexes of a table a statement covers. */
export interface TableScope {
  /** @default - partition keys are not restricted */
  readonly partitionKeys?: readonly string[];
  /**
   * The attributes that a request may name, including those of keys and conditions.
   * @default - attributes are not restricted
   */
  readonly attributes?: readonly string[];
  /** @default - the table only */
  readonly index?: string;
}

/** Item actions on a table or one of its indexes. */
export function tableStatement(
  table: TableV2,
  actions: readonly TableAction[],
  scope: TableScope = {},
): PolicyStatement {
  return new PolicyStatement({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [scope.index ? `${table.tableArn}/index/${scope.index}` : table.tableArn],
    conditions: scope.partitionKeys && only(scope.partitionKeys, scope.attributes),
  });
}

export function sendStatement(queues: readonly IQueue[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['sqs:SendMessage'],
    resources: queues.map((queue) => queue.queueArn),
  });
}

/** What Lambda's poller does with the function's role. */
export function consumeStatement(queue: IQueue): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ChangeMessageVisibility',
    ],
    resources: [queue.queueArn],
  });
}

/** What Lambda's poller does with the function's role. */
export function readStreamStatement(table: TableV2): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ],
    resources: [streamArnOf(table)],
  });
}

/** Allows counting the messages of queues. */
export function measureStatement(queues: readonly IQueue[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['sqs:GetQueueAttributes'],
    resources: queues.map((queue) => queue.queueArn),
  });
}

export function putEventsStatement(bus: IEventBus): PolicyStatement {
  return new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] });
}

export function invokeStatement(target: IFunction): PolicyStatement {
  return new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] });
}

export function secretStatement(secret: ISecret): PolicyStatement {
  return new PolicyStatement({
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
    resources: [secret.secretArn],
  });
}

/** The use of the key of credentials, by calls that name an application and nothing else as encryption context. */
export function credentialStatements(
  key: IKey | undefined,
  actions: readonly ('Decrypt' | 'GenerateDataKey')[],
): PolicyStatement[] {
  if (key === undefined) return [];
  return [
    new PolicyStatement({
      actions: actions.map((action) => `kms:${action}`),
      resources: [key.keyArn],
      conditions: {
        'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['application'] },
        Null: { 'kms:EncryptionContext:application': 'false' },
      },
    }),
  ];
}

/** @throws Error when the table has no stream */
export function streamArnOf({ tableStreamArn, node }: TableV2): string {
  if (tableStreamArn === undefined)
    throw new Error(`the table ${node.path} has no stream; give it a dynamoStream`);
  return tableStreamArn;
}

// ForAllValues is also true for a request without any key; the Null condition refuses that one.
function only(partitionKeys: readonly string[], attributes: readonly string[] | undefined) {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...partitionKeys] },
    // Needs no Null condition: every request that has a key names attributes.
    ...(attributes && { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': [...attributes] } }),
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}
