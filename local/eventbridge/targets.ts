import type { AwsCaller } from '../aws-protocol/client.ts';
import type { Invoker } from '../lambda/invoker.ts';
import type { LogSink } from '../lambda/logs.ts';
import { queueUrl } from '../template/names.ts';

export interface Subscription {
  /** `lambda`, `sqs`, `email`, … */
  readonly protocol: string;
  readonly endpoint: string;
}

/**
 * Delivers an event to the function, queue, topic or log group that an ARN names.
 *
 * @param ruleArn of the rule, which a function's permission may name
 * @throws Error for a target that the local run cannot reach
 */
export type DeliverEvent = (targetArn: string, event: unknown, ruleArn?: string) => Promise<void>;

export interface DeliverOptions {
  readonly invoker: Invoker;
  readonly metered: AwsCaller;
  readonly queueOrigin: string;
  readonly logs: LogSink;
  /** By topic ARN. */
  readonly topics: ReadonlyMap<string, readonly Subscription[]>;
}

export function createDeliver({ invoker, metered, queueOrigin, logs, topics }: DeliverOptions): DeliverEvent {
  const toQueue = async (arn: string, MessageBody: string) => {
    await metered.call('sqs', 'SendMessage', { QueueUrl: queueUrl(queueOrigin, arn), MessageBody });
  };
  const toSubscriber = async (topicArn: string, { protocol, endpoint }: Subscription, message: string) => {
    const notification = {
      Type: 'Notification',
      TopicArn: topicArn,
      Message: message,
      Timestamp: new Date().toISOString(),
    };
    if (protocol === 'sqs') return toQueue(endpoint, JSON.stringify(notification));
    if (protocol === 'lambda') {
      const Records = [
        { EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: topicArn, Sns: notification },
      ];
      return invoker.send('sns.amazonaws.com', endpoint, JSON.stringify({ Records }), topicArn);
    }
    logs.write('local', `${topicArn} would notify ${protocol} ${endpoint}: ${message}`);
  };
  return async (targetArn, event, ruleArn) => {
    const payload = JSON.stringify(event);
    switch (targetArn.split(':')[2]) {
      case 'lambda':
        return invoker.send('events.amazonaws.com', targetArn, payload, ruleArn);
      case 'sqs':
        return toQueue(targetArn, payload);
      case 'sns':
        await Promise.all((topics.get(targetArn) ?? []).map((one) => toSubscriber(targetArn, one, payload)));
        return;
      case 'logs':
        logs.write(targetArn, payload);
        return;
      default:
        throw new Error(`the local run cannot deliver events to ${targetArn}`);
    }
  };
}
