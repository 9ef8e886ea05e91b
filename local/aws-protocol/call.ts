import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '../json/json.ts';

/** The services whose calls pass the proxy, by the names that IAM uses. */
export type Service = 'dynamodb' | 'dynamodbstreams' | 'sqs' | 'secretsmanager' | 'events' | 'lambda' | 'kms';

/** One AWS call of one principal, parsed once. */
export interface AwsCall {
  /** A function's logical id, or `root`. */
  readonly principal: string;
  readonly service: Service;
  /** The name of the API's operation, e.g. `BatchWriteItem`. */
  readonly action: string;
  /** The parsed body. The proxy forwards the bytes, so a change here would have no effect. */
  readonly input: JsonObject;
}

/** What the caller received. */
export interface CallResult {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly body: Buffer;
}

const services: ReadonlyMap<string, Service> = new Map([
  ['DynamoDB_20120810', 'dynamodb'],
  ['DynamoDBStreams_20120810', 'dynamodbstreams'],
  ['AmazonSQS', 'sqs'],
  ['secretsmanager', 'secretsmanager'],
  ['AWSEvents', 'events'],
  ['TrentService', 'kms'],
]);

export type Identified =
  | { readonly kind: 'call'; readonly principal: string; readonly service: Service; readonly action: string }
  | { readonly kind: 'unknown'; readonly principal: string; readonly what: string };

/** Reads the principal, service and action of a request of AWS's JSON protocols. */
export function identify(headers: IncomingHttpHeaders, method: string, url: string): Identified {
  // The access key id is the principal's name. The signature is not checked, because nothing here is secret.
  const principal = /Credential=([^/,\s]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'anonymous';
  // Lambda's API names the action by the path, not by a target.
  if (method === 'POST' && functionIn(url) !== undefined) {
    return { kind: 'call', principal, service: 'lambda', action: 'Invoke' };
  }
  const target = headers['x-amz-target'];
  const [prefix, action] = typeof target === 'string' ? target.split('.', 2) : [];
  const service = services.get(prefix ?? '');
  if (service === undefined || action === undefined) {
    const what = typeof target === 'string' ? target : `${method} ${url} without an X-Amz-Target`;
    return { kind: 'unknown', principal, what };
  }
  return { kind: 'call', principal, service, action };
}

/** The function's name in the path of an invocation; undefined for any other path. */
export function functionIn(url: string): string | undefined {
  const [, name] = /^\/2015-03-31\/functions\/([^/?]+)\/invocations\/?$/.exec(url) ?? [];
  return name === undefined ? undefined : decodeURIComponent(name);
}
