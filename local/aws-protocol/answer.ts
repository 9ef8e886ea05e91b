import { randomUUID } from 'node:crypto';
import type { Service } from './call.ts';

/** A whole HTTP answer. */
export interface AwsAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | readonly string[] };
  readonly body: Buffer;
}

/** An error that an emulated service answers. */
export class ServiceError extends Error {
  readonly status: number;
  readonly type: string;

  /** @param type with its namespace where AWS sends one, e.g. `com.amazonaws.sqs#QueueDoesNotExist` */
  constructor(status: number, type: string, message: string) {
    super(message);
    this.name = 'ServiceError';
    this.status = status;
    this.type = type;
  }
}

/** An answer in the service's JSON protocol. */
export function jsonAnswer(
  service: Service,
  status: number,
  output: unknown,
  headers: AwsAnswer['headers'] = {},
): AwsAnswer {
  return {
    status,
    headers: { 'content-type': contentType(service), 'x-amzn-requestid': randomUUID(), ...headers },
    body: Buffer.from(JSON.stringify(output)),
  };
}

export function errorAnswer(service: Service, error: ServiceError): AwsAnswer {
  const fault = error.status < 500 ? 'Sender' : 'Receiver';
  // SQS also sends the error code of its earlier query protocol, and the SDK reads that one.
  const headers: AwsAnswer['headers'] =
    service === 'sqs' ? { 'x-amzn-query-error': `${queryCode(error.type)};${fault}` } : {};
  return jsonAnswer(service, error.status, { __type: error.type, message: error.message }, headers);
}

function queryCode(type: string): string {
  return (type.split('#').at(-1) ?? type).replace(/Exception$/, '');
}

function contentType(service: Service): string {
  const version = ['secretsmanager', 'events', 'kms'].includes(service) ? '1.1' : '1.0';
  return `application/x-amz-json-${version}`;
}
