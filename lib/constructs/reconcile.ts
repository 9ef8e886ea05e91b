import { Aws, Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { reconcileVariables } from '#lambdas/reconcile/env.ts';
import { functionCode } from './bundle.ts';
import { createFunction, environmentOf, type FunctionDefaults } from './function.ts';
import { sendStatement, tableStatement } from './permissions.ts';
import type { Queues } from './queues.ts';
import type { Tables } from './tables.ts';

export interface ReconcileProps {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly retentionDays: number;
  readonly defaults: FunctionDefaults;
}

/** Once a day: finds accepted deliveries that have neither an item nor a message, and queues them. */
export class Reconcile extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, { tables, queues, ...props }: ReconcileProps) {
    super(scope, id);
    this.handler = createFunction(this, {
      description: 'Hook0 reconcile: queues accepted deliveries that were lost, as by a restore',
      code: functionCode('reconcile'),
      environment: environmentOf(reconcileVariables, {
        deployment: Aws.STACK_NAME,
        configTable: tables.config.tableName,
        eventTable: tables.events.tableName,
        highQueue: queues.high.queueUrl,
        normalQueue: queues.normal.queueUrl,
        lowQueue: queues.low.queueUrl,
        retentionDays: String(props.retentionDays),
      }),
      statements: [
        tableStatement(tables.config, ['BatchGetItem', 'Query'], { partitionKeys: ['APP#*'] }),
        tableStatement(tables.events, ['GetItem', 'BatchGetItem', 'Query', 'PutItem']),
        sendStatement([queues.high, queues.normal, queues.low]),
      ],
      // The longest that Lambda allows; what is not done then goes on in the next hour.
      timeout: Duration.minutes(15),
      defaults: props.defaults,
    });
    new Rule(this, 'EveryHour', {
      description: 'wakes the Hook0 reconcile function, which works once a day',
      // Hourly, so that a pass that crashed or took too long does not wait for the next day.
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new FunctionTarget(this.handler, { retryAttempts: 0 })],
    });
  }
}
