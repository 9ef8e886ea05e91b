import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { agents, dropIdleConnections } from './connections.ts';
import { inTime } from './deadline.ts';

// A call that hangs must not use up the time of the function. These limits are far above any healthy answer, and three
// tries together are shorter than the shortest function timeout. Without the last option the SDK only warns.
const requestHandler = {
  ...agents,
  connectionTimeout: 2_000,
  requestTimeout: 5_000,
  throwOnRequestTimeout: true,
};
const maxAttempts = 3;

/** The options of a client whose calls end in time. */
export const clientLimits = { maxAttempts, requestHandler };

/** The place of `oneTry` in a client: innermost, so that it runs for each try and not once for all of them. */
export const eachTry = { step: 'deserialize', priority: 'low', name: 'one-try' } as const;

/** The step of a client that sends one request within the deadline, on a connection that is not outlived. */
export const oneTry =
  <Args, Output>(send: (args: Args) => Promise<Output>) =>
  (args: Args): Promise<Output> => {
    dropIdleConnections();
    return inTime(() => send(args));
  };

export const dynamoDb = (): DynamoDBClient => {
  const client = new DynamoDBClient(clientLimits);
  client.middlewareStack.add(oneTry, eachTry);
  return client;
};

export const eventBridge = (): EventBridgeClient => {
  const client = new EventBridgeClient(clientLimits);
  client.middlewareStack.add(oneTry, eachTry);
  return client;
};

export const sqs = (): SQSClient => createSqs(maxAttempts);

/** For first messages: the SDK would send the same message again, and a copy must not say that it is the first. */
export const sqsWithoutRetries = (): SQSClient => createSqs(1);

function createSqs(tries: number): SQSClient {
  // The SDK would otherwise hash every message that it sends and receives. TLS protects them already.
  const client = new SQSClient({ ...clientLimits, maxAttempts: tries, md5: false });
  client.middlewareStack.add(oneTry, eachTry);
  return client;
}
