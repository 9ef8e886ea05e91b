import { Duration } from 'aws-cdk-lib';
import { type Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Settings } from '../../settings/settings.ts';
import { consumerTimeout } from '../queues.ts';
import { createFunction, type FunctionProps } from './function.ts';
import { consumeStatement } from './permissions.ts';

export interface SqsFunctionProps extends Omit<FunctionProps, 'timeout'> {
  readonly settings: Settings;
  /** The queue whose messages the function works on. */
  readonly queue: Queue;
  /** Most invocations at a time. */
  readonly maxConcurrency: number;
  /** Most messages of one invocation, which works on all of them at once. */
  readonly batchSize: number;
  /**
   * Seconds that messages may wait to share an invocation.
   * @default 0
   */
  readonly batchWindow?: number;
}

/** A function that consumes a queue: the function, its event source and the permissions of its poller. */
export class SqsFunction extends Construct {
  readonly handler: LambdaFunction;
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: SqsFunctionProps) {
    super(scope, id);
    const { settings, queue, batchWindow = 0, statements } = props;
    this.queue = queue;
    this.handler = createFunction(this, settings, {
      ...props,
      statements: [...statements, consumeStatement(queue)],
      timeout: consumerTimeout,
    });
    new EventSourceMapping(this, 'Messages', {
      target: this.handler,
      eventSourceArn: queue.queueArn,
      batchSize: props.batchSize,
      maxBatchingWindow: batchWindow > 0 ? Duration.seconds(batchWindow) : undefined,
      maxConcurrency: props.maxConcurrency,
      reportBatchItemFailures: true,
    });
  }

  /**
   * Seconds that the oldest message of the queue has waited.
   * @default - maximum over a minute
   */
  metricMessageAge(options?: MetricOptions): Metric {
    return this.queue.metricApproximateAgeOfOldestMessage({
      statistic: Stats.MAXIMUM,
      period: Duration.minutes(1),
      ...options,
    });
  }
}
