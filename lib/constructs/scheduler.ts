import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { schedulerVariables } from '#lambdas/scheduler/env.ts';
import { environmentOf, type Foundation } from './function/foundation.ts';
import { createFunction } from './function/function.ts';
import {
  everyItemAction,
  putEventsStatement,
  sendStatement,
  tableStatement,
} from './function/permissions.ts';
import { Tables } from './tables/tables.ts';

/** Once a minute, releases what is due, probes open circuits and packs routes. */
export class Scheduler extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { settings, tables, queues } = foundation;
    this.handler = createFunction(this, settings, {
      name: 'scheduler',
      description: 'Hook0 scheduler: releases due deliveries, probes open circuits and packs routes',
      environment: environmentOf(foundation, schedulerVariables, {}),
      statements: [
        tableStatement(tables.config, everyItemAction),
        // The scheduler ends the deliveries of removed applications, endpoint by endpoint.
        tableStatement(tables.events, ['GetItem', 'PutItem', 'Query'], { partitionKeys: ['ENDPOINT#*'] }),
        tableStatement(tables.events, ['Query'], { index: Tables.attentionIndex }),
        sendStatement([...queues.priorities, queues.retry, queues.fanOut]),
        putEventsStatement(foundation.bus),
      ],
      // Shorter than the period. Runs that overlap nevertheless are harmless, because each release is a conditional write.
      timeout: Duration.seconds(55),
    });
    // A run that failed or was throttled would come back beside later ones, for hours, when functions are scarcest.
    this.handler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    new Rule(this, 'EveryMinute', {
      description: 'wakes the Hook0 scheduler',
      schedule: Schedule.rate(Duration.minutes(1)),
      // The run of the next minute does what this one missed.
      targets: [new FunctionTarget(this.handler, { retryAttempts: 0 })],
    });
  }
}
