import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';

// A call that hangs must not eat the function's whole time: these are far above any healthy answer, and with
// three tries still below the shortest function timeout.
const requestHandler = { connectionTimeout: 2_000, requestTimeout: 5_000 };
const maxAttempts = 3;

export const dynamoDb = (): DynamoDBClient => new DynamoDBClient({ maxAttempts, requestHandler });
export const eventBridge = (): EventBridgeClient => new EventBridgeClient({ maxAttempts, requestHandler });
// The SDK would otherwise hash every message again that it sent and received; TLS guards them already.
export const sqs = (): SQSClient => new SQSClient({ maxAttempts, requestHandler, md5: false });
