import { Aws, Duration } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import {
  type Code,
  EventSourceMapping,
  type Function as LambdaFunction,
  RecursiveLoop,
} from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deliverVariables, type QueueClass } from '#lambdas/deliver/env.ts';
import { createFunction, environmentOf, type FunctionDefaults } from './function.ts';
import { consumeStatement, putEventsStatement, sendStatement, tableStatement } from './permissions.ts';
import { consumerTimeout, type Queues } from './queues.ts';
import type { Tables } from './tables.ts';

export interface DeliverProps {
  readonly queueClass: QueueClass;
  /** Shared by the deliver functions. */
  readonly code: Code;
  readonly tables: Tables;
  readonly queues: Queues;
  readonly bus: IEventBus;
  readonly retentionDays: number;
  readonly version: string;
  /** Most invocations at a time. */
  readonly maxConcurrency: number;
  /** Most messages of one invocation, which works on all of them at once. */
  readonly batchSize: number;
  /** Seconds that messages may wait for others to share their invocation. */
  readonly batchWindow: number;
  readonly defaults: FunctionDefaults;
}

/** Signs and posts the deliveries of one queue. The only code that reaches the internet, so it has the least rights. */
export class Deliver extends Construct {
  readonly handler: LambdaFunction;
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: DeliverProps) {
    super(scope, id);
    const { tables, queues, bus } = props;
    this.queue = queues[props.queueClass];
    this.handler = createFunction(this, {
      description: `Hook0 deliver: posts webhooks of the ${props.queueClass} queue`,
      code: props.code,
      environment: environmentOf(deliverVariables, {
        deployment: Aws.STACK_NAME,
        configTable: tables.config.tableName,
        eventTable: tables.events.tableName,
        ownQueue: this.queue.queueUrl,
        queueClass: props.queueClass,
        retryQueue: queues.retry.queueUrl,
        slowQueue: queues.slow.queueUrl,
        fanOutQueue: queues.fanOut.queueUrl,
        deadLetterQueue: queues.deadLetter.queueUrl,
        bus: bus.eventBusName,
        retentionDays: String(props.retentionDays),
        version: props.version,
      }),
      statements: [
        tableStatement(tables.config, ['Query', 'UpdateItem'], {
          partitionKeys: ['ENDPOINT#*'],
        }),
        // An endpoint whose circuit opens, or that is gone, must be found by the scheduler.
        tableStatement(tables.config, ['UpdateItem'], { partitionKeys: ['ATTENTION#*'] }),
        tableStatement(tables.events, ['GetItem'], { partitionKeys: ['ENDPOINT#*', 'APP#*'] }),
        tableStatement(tables.events, ['PutItem'], { partitionKeys: ['ENDPOINT#*'] }),
        consumeStatement(this.queue),
        sendStatement([
          ...[queues.retry, queues.fanOut, queues.deadLetter],
          // What is in the slow queue stays there.
          ...(props.queueClass === 'slow' ? [] : [queues.slow]),
        ]),
        putEventsStatement(bus),
      ],
      timeout: consumerTimeout,
      defaults: props.defaults,
      // A delivery may wake itself through queues more than 16 times, on purpose: attempts and drains are bounded.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    new EventSourceMapping(this, 'Messages', {
      target: this.handler,
      eventSourceArn: this.queue.queueArn,
      batchSize: props.batchSize,
      maxBatchingWindow: props.batchWindow > 0 ? Duration.seconds(props.batchWindow) : undefined,
      maxConcurrency: props.maxConcurrency,
      reportBatchItemFailures: true,
    });
  }
}
