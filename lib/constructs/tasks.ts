import { Aws } from 'aws-cdk-lib';
import { EventSourceMapping, type Function as LambdaFunction, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { tasksVariables } from '#lambdas/tasks/env.ts';
import { functionCode } from './bundle.ts';
import { createFunction, environmentOf, type FunctionDefaults } from './function.ts';
import { consumeStatement, sendStatement, tableStatement } from './permissions.ts';
import { consumerTimeout, type Queues } from './queues.ts';
import { Tables } from './tables.ts';

export interface TasksProps {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly retentionDays: number;
  /** Most invocations at a time. */
  readonly maxConcurrency: number;
  /** Most messages of one invocation. */
  readonly batchSize: number;
  readonly defaults: FunctionDefaults;
}

/** Starts dead deliveries again: those whose dead letters are moved to its queue, and those that tasks name. */
export class Tasks extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, { tables, queues, ...props }: TasksProps) {
    super(scope, id);
    this.handler = createFunction(this, {
      description: 'Hook0 tasks: redrives dead letters, replays events, recovers endpoints',
      code: functionCode('tasks'),
      environment: environmentOf(tasksVariables, {
        deployment: Aws.STACK_NAME,
        configTable: tables.config.tableName,
        eventTable: tables.events.tableName,
        highQueue: queues.high.queueUrl,
        normalQueue: queues.normal.queueUrl,
        lowQueue: queues.low.queueUrl,
        retryQueue: queues.retry.queueUrl,
        redriveQueue: queues.redrive.queueUrl,
        deadLetterQueue: queues.deadLetter.queueUrl,
        retentionDays: String(props.retentionDays),
      }),
      statements: [
        tableStatement(tables.config, ['Query'], { partitionKeys: ['ENDPOINT#*'] }),
        tableStatement(tables.events, ['GetItem', 'BatchGetItem', 'PutItem']),
        tableStatement(tables.events, ['Query'], { partitionKeys: ['ENDPOINT#*'] }),
        tableStatement(tables.events, ['Query'], { index: Tables.attentionIndex }),
        consumeStatement(queues.redrive),
        sendStatement([
          queues.high,
          queues.normal,
          queues.low,
          queues.retry,
          queues.redrive,
          queues.deadLetter,
        ]),
      ],
      timeout: consumerTimeout,
      defaults: props.defaults,
      // A task wakes itself through the queue for each of its steps, on purpose: what there is to do is bounded.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    new EventSourceMapping(this, 'Messages', {
      target: this.handler,
      eventSourceArn: queues.redrive.queueArn,
      batchSize: props.batchSize,
      maxConcurrency: props.maxConcurrency,
      reportBatchItemFailures: true,
    });
  }
}
