import { Agent, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { JsonObject } from '../json/json.ts';
import { localRegion } from '../template/pseudo-parameters.ts';

/** The engines speak AWS's JSON protocols, so the local run itself needs no SDK: importing one costs more than a start. */
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

/** @param accessKeyId says who calls: the proxy reads the principal from it, the engines ignore it */
export function awsCaller(originOf: (service: AwsService) => string, accessKeyId: string): AwsCaller {
  const agent = new Agent({ keepAlive: true });
  return {
    call: async (service, action, input, signal) => {
      const { target, signedAs } = protocols[service];
      const body = JSON.stringify(input);
      const scope = `${accessKeyId}/20260101/${localRegion}/${signedAs}/aws4_request`;
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        request(
          originOf(service),
          {
            agent,
            method: 'POST',
            ...(signal === undefined ? {} : { signal }),
            headers: {
              'content-type': 'application/x-amz-json-1.0',
              'content-length': Buffer.byteLength(body),
              'x-amz-target': `${target}.${action}`,
              'x-amz-date': '20260101T000000Z',
              authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=local`,
            },
          },
          resolve,
        )
          .on('error', reject)
          .end(body);
      });
      const text = (await buffer(response)).toString('utf8');
      const status = response.statusCode ?? 0;
      const answer: JsonObject = text === '' ? {} : JSON.parse(text);
      if (status < 300) return answer;
      const name =
        String(answer.__type ?? 'UnknownError')
          .split('#')
          .at(-1) ?? 'UnknownError';
      throw new AwsCallError(name, String(answer.message ?? answer.Message ?? text), status);
    },
    close: () => agent.destroy(),
  };
}
