import { onTestFinished } from 'vitest';
import { openGateway } from '#local/gateway/gateway.ts';
import { type Stack, type StackOptions, startStack } from '#local/run/stack.ts';
import type { TinyAssembly } from './tiny-assembly.ts';

/** Runs an assembly until the test ends, with schedules that only `fire` runs. */
export async function startTinyStack(
  assembly: TinyAssembly,
  options: Partial<StackOptions> = {},
): Promise<Stack> {
  onTestFinished(assembly.remove);
  const stack = await startStack({ assembly, gateway: await openGateway(0), tickMs: 1e9, ...options });
  onTestFinished(() => stack.stop());
  return stack;
}

/** The JSON lines that a function logged. */
export const logged = (stack: Stack, source: string) => stack.logs(source).map((line) => line.record);

export const queue = (properties: Record<string, unknown> = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
});

/** From the queue `Queue` to the function `Consumer`. */
export const queueMapping = (properties: Record<string, unknown> = {}) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
    FunctionName: { Ref: 'Consumer' },
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ...properties,
  },
});

/** A handler that sends each text of its event to the queue of its environment. */
export const sender = `
  const sqs = async (action, input) => {
    const response = await fetch(process.env.AWS_ENDPOINT_URL_SQS, {
      method: 'POST', body: JSON.stringify(input),
      headers: {
        'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.' + action,
        authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID
          + '/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=x',
      },
    });
    return response.json();
  };
  export const handler = async (messages) => {
    for (const MessageBody of messages) await sqs('SendMessage', { QueueUrl: process.env.QUEUE, MessageBody });
  };`;

export const sendsTo = (queueId: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Environment: { Variables: { QUEUE: { Ref: queueId } } } },
});
