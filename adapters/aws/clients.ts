import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { inTime } from './deadline.ts';

// A call that hangs must not use up the time of the function. These limits are far above any healthy answer, and three
// tries together are shorter than the shortest function timeout. Without the last option the SDK only warns.
const requestHandler = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };
const maxAttempts = 3;

/** The options of a client whose calls end in time. */
export const clientLimits = { maxAttempts, requestHandler };

/** The innermost step of a client, which runs for each try and not once for all of them. */
export const eachTry = { step: 'deserialize', priority: 'low', name: 'deadline' } as const;

export const dynamoDb = (): DynamoDBClient => {
  const client = new DynamoDBClient(clientLimits);
  client.middlewareStack.add((next) => (args) => inTime(() => next(args)), eachTry);
  return client;
};

export const eventBridge = (): EventBridgeClient => new EventBridgeClient(clientLimits);

export const sqs = (): SQSClient => createSqs(maxAttempts);

/** For first messages: the SDK would send the same message again, and a copy must not say that it is the first. */
export const sqsWithoutRetries = (): SQSClient => createSqs(1);

function createSqs(tries: number): SQSClient {
  // The SDK would otherwise hash every message that it sends and receives. TLS protects them already.
  const client = new SQSClient({ ...clientLimits, maxAttempts: tries, md5: false });
  client.middlewareStack.add((next) => (args) => inTime(() => next(args)), eachTry);
  return client;
}
