import { Aws } from 'aws-cdk-lib';
import { EventSourceMapping, type Function as LambdaFunction, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { fanOutVariables } from '#lambdas/fan-out/env.ts';
import { functionCode } from './bundle.ts';
import { createFunction, environmentOf, type FunctionDefaults } from './function.ts';
import { consumeStatement, sendStatement, tableStatement } from './permissions.ts';
import { consumerTimeout, type Queues } from './queues.ts';
import { Tables } from './tables.ts';

export interface FanOutProps {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly retentionDays: number;
  /** Most invocations at a time. */
  readonly maxConcurrency: number;
  /** Most segments, or steps of drains, of one invocation. */
  readonly batchSize: number;
  readonly defaults: FunctionDefaults;
}

/** Queues the deliveries of events that match more endpoints than ingest queues itself, and those that were held. */
export class FanOut extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, { tables, queues, ...props }: FanOutProps) {
    super(scope, id);
    this.handler = createFunction(this, {
      description: 'Hook0 fan-out: queues the deliveries of events with many endpoints, and what was held',
      code: functionCode('fan-out'),
      environment: environmentOf(fanOutVariables, {
        deployment: Aws.STACK_NAME,
        configTable: tables.config.tableName,
        eventTable: tables.events.tableName,
        ownQueue: queues.fanOut.queueUrl,
        highQueue: queues.high.queueUrl,
        normalQueue: queues.normal.queueUrl,
        lowQueue: queues.low.queueUrl,
        retryQueue: queues.retry.queueUrl,
        retentionDays: String(props.retentionDays),
      }),
      statements: [
        tableStatement(tables.config, ['Query'], { partitionKeys: ['ENDPOINT#*'] }),
        tableStatement(tables.config, ['GetItem', 'UpdateItem'], { partitionKeys: ['ATTENTION#*'] }),
        tableStatement(tables.events, ['GetItem'], { partitionKeys: ['APP#*', 'EVENT#*', 'ENDPOINT#*'] }),
        tableStatement(tables.events, ['PutItem'], { partitionKeys: ['EVENT#*', 'ENDPOINT#*'] }),
        tableStatement(tables.events, ['Query'], { index: Tables.attentionIndex }),
        consumeStatement(queues.fanOut),
        sendStatement([queues.high, queues.normal, queues.low, queues.retry, queues.fanOut]),
      ],
      timeout: consumerTimeout,
      defaults: props.defaults,
      // Each step of a drain queues the next one, until nothing is held.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    new EventSourceMapping(this, 'Messages', {
      target: this.handler,
      eventSourceArn: queues.fanOut.queueArn,
      batchSize: props.batchSize,
      maxConcurrency: props.maxConcurrency,
      reportBatchItemFailures: true,
    });
  }
}
