import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { reconcileVariables } from '#lambdas/reconcile/env.ts';
import { environmentOf, type Foundation } from './function/foundation.ts';
import { createFunction } from './function/function.ts';
import { sendStatement, tableStatement } from './function/permissions.ts';
import { Tables } from './tables/tables.ts';

/**
 * Once a day, makes the scheduler look at endpoints that hold deliveries and are not watched. Then finds accepted
 * deliveries that have neither an item nor a message, and queues them.
 */
export class Reconcile extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { settings, tables, queues } = foundation;
    this.handler = createFunction(this, settings, {
      name: 'reconcile',
      description: 'Hook0 reconcile: queues accepted deliveries that were lost, for example by a restore',
      environment: environmentOf(foundation, reconcileVariables, {}),
      statements: [
        tableStatement(tables.config, ['BatchGetItem', 'Query'], { partitionKeys: ['APP#*'] }),
        tableStatement(tables.config, ['GetItem', 'UpdateItem'], { partitionKeys: ['ATTENTION#*'] }),
        tableStatement(tables.events, ['GetItem', 'BatchGetItem', 'Query', 'PutItem']),
        // The whole index, because nothing else knows which endpoints hold deliveries.
        tableStatement(tables.events, ['Scan'], { index: Tables.attentionIndex }),
        sendStatement(queues.priorities),
      ],
      // The longest that Lambda allows. The next hour's run continues what is not done by then.
      timeout: Duration.minutes(15),
    });
    // A run that failed or was throttled would come back beside later ones, for hours, when functions are scarcest.
    this.handler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.hours(1) });
    new Rule(this, 'EveryHour', {
      description: 'wakes the Hook0 reconcile function, which works once a day',
      // Hourly, so that a run that crashed or took too long does not wait for the next day.
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new FunctionTarget(this.handler, { retryAttempts: 0 })],
    });
  }
}
