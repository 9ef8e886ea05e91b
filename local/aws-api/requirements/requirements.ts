import type { AwsCall } from '../../aws-protocol/call.ts';
import type { AuthorizationRequest } from '../../iam/evaluate.ts';
import { asText } from '../../json/json.ts';
import { arnOf } from '../../template/names.ts';
import { requestContext } from './context.ts';
import { dynamodbRequirements, tablesOf } from './dynamodb.ts';
import { kmsRequirements } from './kms.ts';
import { eventRequirements, lambdaRequirements, secretRequirements } from './other.ts';
import type { PartitionKeys } from './partition-keys.ts';
import { sqsRequirements } from './sqs.ts';

/** The permissions that a call needs. */
export interface Requirements {
  /** Reads the table keys that `of` needs; undefined when all are known. */
  prepare(call: AwsCall): Promise<void> | undefined;
  /** All of them must be allowed. Undefined for an action that the local run does not know. */
  of(call: AwsCall): readonly AuthorizationRequest[] | undefined;
}

const changesKeys = new Set(['CreateTable', 'DeleteTable', 'UpdateTable']);

// Lambda's pollers read streams, not the functions. The local run reads them as root.
const streamActions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

export function createRequirements(partitionKeys: PartitionKeys, rootPrincipal: string): Requirements {
  return {
    prepare: (call) => (call.service === 'dynamodb' ? partitionKeys.learn(tablesOf(call)) : undefined),
    of: (call) => {
      switch (call.service) {
        case 'dynamodb':
          if (changesKeys.has(call.action)) partitionKeys.forget(asText(call.input.TableName) ?? '');
          return dynamodbRequirements(call, partitionKeys.of);
        case 'dynamodbstreams':
          if (call.principal !== rootPrincipal) return streamRequirements(call);
          return streamActions.includes(call.action) ? [] : undefined;
        case 'sqs':
          return sqsRequirements(call);
        case 'secretsmanager':
          return secretRequirements(call);
        case 'events':
          return eventRequirements(call);
        case 'kms':
          return kmsRequirements(call);
        case 'lambda':
          return lambdaRequirements(call);
      }
    },
  };
}

/** Lambda refuses a mapping to a stream unless the function's role has every permission for reading it. */
function streamRequirements({
  action,
  input,
  principal,
}: AwsCall): readonly AuthorizationRequest[] | undefined {
  if (action !== 'DescribeStream') return undefined;
  const resource = arnOf('dynamodb', (asText(input.StreamArn) ?? '').split(':').slice(5).join(':'));
  const context = requestContext(principal, {});
  return streamActions.map((needed) => ({ action: `dynamodb:${needed}`, resource, context }));
}
