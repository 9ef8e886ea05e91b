import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type AwsAnswer, ServiceError } from '../../aws-protocol/answer.ts';
import { asText, type JsonObject } from '../../json/json.ts';
import type { InvocationResult } from '../../lambda/settings.ts';
import { functionArn } from '../../template/names.ts';

/** Invokes a function by its ARN; undefined when there is no such function. */
export type InvokeFunction = (functionArn: string, payload: string) => Promise<InvocationResult> | undefined;

/** The input of Invoke: Lambda's API has the name in the path and the payload as the body. */
export const invokeInput = (functionName: string, payload: Buffer): JsonObject => ({
  FunctionName: functionName,
  Payload: payload.toString(),
});

/** A synchronous Invoke. An error of the function is an answer too. @throws ServiceError as Lambda does */
export async function lambdaInvoke(
  { FunctionName, Payload }: JsonObject,
  headers: IncomingHttpHeaders,
  invoke: InvokeFunction,
): Promise<AwsAnswer> {
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type !== 'RequestResponse') {
    const message = `the local run does not know the invocation type ${type}`;
    throw new ServiceError(400, 'InvalidParameterValueException', message);
  }
  const arn = functionArn(asText(FunctionName) ?? '');
  const result = await invoke(arn, asText(Payload) ?? '');
  if (result === undefined)
    throw new ServiceError(404, 'ResourceNotFoundException', `Function not found: ${arn}`);
  if (result.kind === 'throttled') throw new ServiceError(429, 'TooManyRequestsException', 'Rate Exceeded.');
  return result.kind === 'result'
    ? answer(result.payload, {})
    : answer(JSON.stringify(result.error), { 'x-amz-function-error': 'Unhandled' });
}

const answer = (payload: string, headers: AwsAnswer['headers']): AwsAnswer => ({
  status: 200,
  headers: {
    'content-type': 'application/json',
    'x-amzn-requestid': randomUUID(),
    'x-amz-executed-version': '$LATEST',
    ...headers,
  },
  body: Buffer.from(payload),
});
