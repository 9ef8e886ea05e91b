import { Aws, Duration } from 'aws-cdk-lib';
import { type IEventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { schedulerVariables } from '#lambdas/scheduler/env.ts';
import { functionCode } from './bundle.ts';
import { createFunction, environmentOf, type FunctionDefaults } from './function.ts';
import { putEventsStatement, sendStatement, tableStatement } from './permissions.ts';
import type { Queues } from './queues.ts';
import { Tables } from './tables.ts';

export interface SchedulerProps {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly bus: IEventBus;
  readonly retentionDays: number;
  readonly defaults: FunctionDefaults;
}

/** Once a minute: releases what is due, nudges open circuits, compacts routes. */
export class Scheduler extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, { tables, queues, bus, ...props }: SchedulerProps) {
    super(scope, id);
    this.handler = createFunction(this, {
      description: 'Hook0 scheduler: releases what is due and looks after what waits',
      code: functionCode('scheduler'),
      environment: environmentOf(schedulerVariables, {
        deployment: Aws.STACK_NAME,
        configTable: tables.config.tableName,
        eventTable: tables.events.tableName,
        highQueue: queues.high.queueUrl,
        normalQueue: queues.normal.queueUrl,
        lowQueue: queues.low.queueUrl,
        retryQueue: queues.retry.queueUrl,
        fanOutQueue: queues.fanOut.queueUrl,
        bus: bus.eventBusName,
        retentionDays: String(props.retentionDays),
      }),
      statements: [
        tableStatement(tables.config, [
          'GetItem',
          'BatchGetItem',
          'Query',
          'PutItem',
          'UpdateItem',
          'DeleteItem',
          'BatchWriteItem',
          'ConditionCheckItem',
        ]),
        // It walks an endpoint's deliveries to end those of removed applications.
        tableStatement(tables.events, ['GetItem', 'PutItem', 'Query'], { partitionKeys: ['ENDPOINT#*'] }),
        tableStatement(tables.events, ['Query'], { index: Tables.attentionIndex }),
        sendStatement([queues.high, queues.normal, queues.low, queues.retry, queues.fanOut]),
        putEventsStatement(bus),
      ],
      // Shorter than its period. Runs that overlap all the same are harmless: each release is a conditional write.
      timeout: Duration.seconds(55),
      defaults: props.defaults,
    });
    new Rule(this, 'EveryMinute', {
      description: 'wakes the Hook0 scheduler',
      schedule: Schedule.rate(Duration.minutes(1)),
      // The next minute repeats what this one missed.
      targets: [new FunctionTarget(this.handler, { retryAttempts: 0 })],
    });
  }
}
