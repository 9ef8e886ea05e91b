import { Agent } from 'node:http';
import type { JsonObject } from '../json/json.ts';
import { localRegion } from '../template/pseudo-parameters.ts';
import { post } from './connection.ts';

export type AwsService = 'dynamodb' | 'dynamodbstreams' | 'sqs';

const protocols: Readonly<Record<AwsService, { readonly target: string; readonly signedAs: string }>> = {
  dynamodb: { target: 'DynamoDB_20120810', signedAs: 'dynamodb' },
  dynamodbstreams: { target: 'DynamoDBStreams_20120810', signedAs: 'dynamodb' },
  sqs: { target: 'AmazonSQS', signedAs: 'sqs' },
};

/** An error that the service answered. `name` is its short code, e.g. `ResourceInUseException`. */
export class AwsCallError extends Error {
  override readonly name: string;
  readonly status: number;

  constructor(name: string, message: string, status: number) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

export interface AwsCaller {
  /**
   * @throws AwsCallError when the service answers an error
   * @throws Error when there is no answer, or `signal` aborts
   */
  call(service: AwsService, action: string, input: unknown, signal?: AbortSignal): Promise<JsonObject>;
  close(): void;
}

/**
 * Calls services by their JSON protocols. An AWS SDK would do so too, but importing one takes longer than the start.
 *
 * @param accessKeyId names the caller: the proxy reads the principal from it, the engines ignore it
 */
export function awsCaller(originOf: (service: AwsService) => string, accessKeyId: string): AwsCaller {
  const agent = new Agent({ keepAlive: true });
  return {
    call: async (service, action, input, signal) => {
      const { target, signedAs } = protocols[service];
      const scope = `${accessKeyId}/20260101/${localRegion}/${signedAs}/aws4_request`;
      const { status, body } = await post(originOf(service), {
        agent,
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `${target}.${action}`,
          'x-amz-date': '20260101T000000Z',
          authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=local`,
        },
        body: Buffer.from(JSON.stringify(input)),
        signal,
      });
      const output: JsonObject = body.length === 0 ? {} : JSON.parse(body.toString());
      if (status < 300) return output;
      const name = String(output.__type ?? 'UnknownError')
        .split('#')
        .at(-1);
      throw new AwsCallError(
        name ?? 'UnknownError',
        String(output.message ?? output.Message ?? body),
        status,
      );
    },
    close: () => agent.destroy(),
  };
}
