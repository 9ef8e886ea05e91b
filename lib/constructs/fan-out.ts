import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { fanOutVariables } from '#lambdas/fan-out/env.ts';
import { environmentOf, type Foundation } from './function/foundation.ts';
import { sendStatement, tableStatement } from './function/permissions.ts';
import { SqsFunction } from './function/sqs-function.ts';
import { Tables } from './tables/tables.ts';

/** Queues the deliveries of events that match more endpoints than ingest queues itself, and those that were held. */
export class FanOut extends SqsFunction {
  constructor(scope: Construct, id: string, foundation: Foundation) {
    const { settings, tables, queues } = foundation;
    super(scope, id, {
      settings,
      name: 'fan-out',
      description: 'Hook0 fan-out: queues held deliveries and those of events with many endpoints',
      environment: environmentOf(foundation, fanOutVariables, { ownQueue: queues.fanOut.queueUrl }),
      queue: queues.fanOut,
      maxConcurrency: settings.fanOutConcurrency,
      batchSize: settings.fanOutBatchSize,
      statements: [
        tableStatement(tables.config, ['Query'], { partitionKeys: ['ENDPOINT#*'] }),
        tableStatement(tables.config, ['GetItem', 'UpdateItem'], { partitionKeys: ['ATTENTION#*'] }),
        tableStatement(tables.events, ['GetItem'], { partitionKeys: ['APP#*', 'EVENT#*', 'ENDPOINT#*'] }),
        tableStatement(tables.events, ['PutItem'], { partitionKeys: ['EVENT#*', 'ENDPOINT#*'] }),
        tableStatement(tables.events, ['Query'], { index: Tables.attentionIndex }),
        sendStatement([...queues.priorities, queues.retry, queues.fanOut]),
      ],
      // Each step of a drain queues the next one until nothing is held.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
  }
}
