import { randomUUID } from 'node:crypto';
import { type Answer, ServiceError } from '../../aws-protocol/answer.ts';
import type { Call } from '../../aws-protocol/call.ts';
import type { Engine } from '../../aws-protocol/connection.ts';
import { asObject, asText } from '../../json/json.ts';
import type { InvocationResult } from '../../lambda/settings.ts';
import { functionArn } from '../../template/names.ts';

/** Invokes a function by its ARN; undefined when there is none. */
export type InvokeFunction = (functionArn: string, payload: string) => Promise<InvocationResult> | undefined;

/** A call's input: Lambda's API has the name in the path and the payload as the body. */
export const invocation = (functionName: string, payload: Buffer): Call['input'] => ({
  FunctionName: functionName,
  Payload: payload.toString(),
});

/** Lambda's Invoke, synchronous as it is without an invocation type. A function's own failure is an answer too. */
export function lambdaInvoke(invoke: InvokeFunction): Engine {
  return {
    forward: async (headers, body) => {
      const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
      if (type !== 'RequestResponse') {
        throw new ServiceError(
          400,
          'InvalidParameterValueException',
          `the local run knows no ${type} invocation`,
        );
      }
      const input: unknown = JSON.parse(body.toString());
      const { FunctionName, Payload } = asObject(input);
      const arn = functionArn(asText(FunctionName) ?? '');
      const result = await invoke(arn, asText(Payload) ?? '');
      if (result === undefined)
        throw new ServiceError(404, 'ResourceNotFoundException', `Function not found: ${arn}`);
      if (result.kind === 'throttled')
        throw new ServiceError(429, 'TooManyRequestsException', 'Rate Exceeded.');
      return result.kind === 'result'
        ? answer(result.payload, {})
        : answer(JSON.stringify(result.error), { 'x-amz-function-error': 'Unhandled' });
    },
    close: () => undefined,
  };
}

const answer = (payload: string, headers: Answer['headers']): Answer => ({
  status: 200,
  headers: {
    'content-type': 'application/json',
    'x-amzn-requestid': randomUUID(),
    'x-amz-executed-version': '$LATEST',
    ...headers,
  },
  body: Buffer.from(payload),
});
