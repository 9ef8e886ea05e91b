import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { deliverVariables, type QueueClass } from '#lambdas/deliver/env.ts';
import { environmentOf, type Foundation } from './function/foundation.ts';
import {
  credentialStatements,
  putEventsStatement,
  sendStatement,
  tableStatement,
} from './function/permissions.ts';
import { SqsFunction } from './function/sqs-function.ts';

export interface DeliverProps extends Foundation {
  readonly queueClass: QueueClass;
}

/** Signs and posts the deliveries of one queue. Only this code reaches the internet, so it has the fewest permissions. */
export class Deliver extends SqsFunction {
  constructor(scope: Construct, id: string, { queueClass, ...foundation }: DeliverProps) {
    const { settings, tables, queues } = foundation;
    const queue = queues[queueClass];
    super(scope, id, {
      settings,
      name: 'deliver',
      description: `Hook0 deliver: posts webhooks of the ${queueClass} queue`,
      environment: environmentOf(foundation, deliverVariables, {
        ownQueue: queue.queueUrl,
        queueClass,
        shortestRetryDelay: String(settings.shortestRetryDelay),
      }),
      queue,
      maxConcurrency: settings[`${queueClass}Concurrency`],
      batchSize: settings.deliverBatchSize,
      batchWindow: queueClass === 'low' ? settings.lowBatchWindow : 0,
      statements: [
        tableStatement(tables.config, ['Query', 'UpdateItem'], { partitionKeys: ['ENDPOINT#*'] }),
        // So that the scheduler finds an endpoint whose circuit opened or that is gone.
        tableStatement(tables.config, ['UpdateItem'], { partitionKeys: ['ATTENTION#*'] }),
        tableStatement(tables.events, ['GetItem'], { partitionKeys: ['ENDPOINT#*', 'APP#*'] }),
        tableStatement(tables.events, ['PutItem'], { partitionKeys: ['ENDPOINT#*'] }),
        sendStatement([
          queues.retry,
          queues.fanOut,
          queues.deadLetter,
          // Deliveries in the slow queue stay there.
          ...(queueClass === 'slow' ? [] : [queues.slow]),
        ]),
        putEventsStatement(foundation.bus),
        ...credentialStatements(foundation.credentialKey, ['Decrypt']),
      ],
      // A delivery may wake itself through queues more than 16 times: attempts and drains are bounded.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
  }
}
