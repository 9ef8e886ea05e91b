/** A JSON object as it came over the wire. */
export type JsonObject = { readonly [name: string]: unknown };

/** The services whose calls pass the proxy, by the name that IAM uses for them. */
export type Service = 'dynamodb' | 'dynamodbstreams' | 'sqs' | 'secretsmanager' | 'events';

/** One AWS call of one principal, parsed once. */
export interface Call {
  /** A function's logical id, or `root`. */
  readonly principal: string;
  readonly service: Service;
  /** The API's name of it, e.g. `BatchWriteItem`. */
  readonly action: string;
  /** The parsed body: never changed, the bytes are what is forwarded. */
  readonly input: JsonObject;
}

/** What the caller got. */
export interface CallResult {
  /** HTTP status; 0 when the connection was cut without an answer. */
  readonly status: number;
  readonly body: Buffer;
}
