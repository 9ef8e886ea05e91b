import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { inTime } from './deadline.ts';

// A call that hangs must not eat the function's whole time: these are far above any healthy answer, and with
// three tries still below the shortest function timeout. Without the last one the SDK only warns.
const requestHandler = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };
const maxAttempts = 3;

export const dynamoDb = (): DynamoDBClient => {
  const client = new DynamoDBClient({ maxAttempts, requestHandler });
  client.middlewareStack.add((next) => (args) => inTime(() => next(args)), eachTry);
  return client;
};

export const eventBridge = (): EventBridgeClient => new EventBridgeClient({ maxAttempts, requestHandler });

export const sqs = (): SQSClient => {
  // The SDK would otherwise hash every message again that it sent and received; TLS guards them already.
  const client = new SQSClient({ maxAttempts, requestHandler, md5: false });
  client.middlewareStack.add((next) => (args) => inTime(() => next(args)), eachTry);
  return client;
};

// The innermost step: what stands here runs for each try, not once for all of them.
const eachTry = { step: 'deserialize', priority: 'low', name: 'deadline' } as const;
