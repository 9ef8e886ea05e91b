import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

// Statements are written by hand instead of granted: a grant's actions are wider than what our code calls
// (Scan, GetRecords, …), change with the CDK's version and cannot carry key conditions.

type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'BatchWriteItem'
  | 'ConditionCheckItem';

/** Which items and indexes of a table a statement covers. */
export interface TableScope {
  /** @default - partition keys are not restricted */
  readonly partitionKeys?: readonly string[];
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
    conditions: scope.partitionKeys && onlyPartitionKeys(scope.partitionKeys),
  });
}

export function sendStatement(queues: readonly IQueue[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['sqs:SendMessage'],
    resources: queues.map((queue) => queue.queueArn),
  });
}

/** What Lambda's poller needs in the function's name. */
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

// ForAllValues is true when a request carries no key at all, so the Null test refuses those.
function onlyPartitionKeys(patterns: readonly string[]) {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...patterns] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}
