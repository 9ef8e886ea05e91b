import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { tasksVariables } from '#lambdas/tasks/env.ts';
import { environmentOf, type Foundation } from './function/foundation.ts';
import { sendStatement, tableStatement } from './function/permissions.ts';
import { SqsFunction } from './function/sqs-function.ts';
import { Tables } from './tables/tables.ts';

/** Starts dead deliveries again: those whose dead letters are moved to its queue, and those that tasks name. */
export class Tasks extends SqsFunction {
  constructor(scope: Construct, id: string, foundation: Foundation) {
    const { settings, tables, queues } = foundation;
    super(scope, id, {
      settings,
      name: 'tasks',
      description: 'Hook0 tasks: redrives dead letters, replays events, recovers endpoints',
      environment: environmentOf(foundation, tasksVariables, {}),
      queue: queues.redrive,
      maxConcurrency: settings.tasksConcurrency,
      batchSize: settings.tasksBatchSize,
      statements: [
        tableStatement(tables.config, ['Query'], { partitionKeys: ['ENDPOINT#*'] }),
        tableStatement(tables.events, ['GetItem', 'BatchGetItem', 'PutItem']),
        tableStatement(tables.events, ['UpdateItem'], { partitionKeys: ['APP#*'] }),
        tableStatement(tables.events, ['Query'], { partitionKeys: ['ENDPOINT#*'] }),
        tableStatement(tables.events, ['Query'], { index: Tables.attentionIndex }),
        sendStatement([...queues.priorities, queues.retry, queues.redrive, queues.deadLetter]),
      ],
      // A task wakes itself through the queue for each of its steps, whose number is bounded.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
  }
}
