import type { AwsAnswer } from '../aws-protocol/answer.ts';
import type { AwsCall } from '../aws-protocol/call.ts';
import { isObject } from '../json/json.ts';

const actions = new Set(['CreateQueue', 'GetQueueUrl', 'ListQueues']);

/**
 * Puts the proxy's origin into the queue URLs that the engine answers, because the SDK sends a queue's calls to the host
 * of its URL. Requests need no change: the engine reads only the queue's name.
 */
export function rewriteQueueUrls(call: AwsCall, answer: AwsAnswer, origin: string): AwsAnswer {
  if (answer.status !== 200 || !actions.has(call.action)) return answer;
  const output: unknown = JSON.parse(answer.body.toString());
  if (!isObject(output)) return answer;
  const rewrite = (url: unknown) => `${origin}${new URL(String(url)).pathname}`;
  const { QueueUrl, QueueUrls } = output;
  const rewritten = {
    ...output,
    QueueUrl: QueueUrl && rewrite(QueueUrl),
    QueueUrls: Array.isArray(QueueUrls) ? QueueUrls.map(rewrite) : undefined,
  };
  return { ...answer, body: Buffer.from(JSON.stringify(rewritten)) };
}
