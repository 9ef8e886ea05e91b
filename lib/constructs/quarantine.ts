import type { Construct } from 'constructs';
import { quarantineVariables } from '#lambdas/quarantine/env.ts';
import { environmentOf, type Foundation } from './function/foundation.ts';
import { putEventsStatement, sendStatement, tableStatement } from './function/permissions.ts';
import { SqsFunction } from './function/sqs-function.ts';

/** Holds deliveries that the system failed on, and makes dead letters of those that crash it, for operators to redrive. */
export class Quarantine extends SqsFunction {
  constructor(scope: Construct, id: string, foundation: Foundation) {
    const { settings, tables, queues } = foundation;
    super(scope, id, {
      settings,
      name: 'quarantine',
      description: 'Hook0 quarantine: turns messages that crash the system into dead letters',
      environment: environmentOf(foundation, quarantineVariables, { ownQueue: queues.quarantine.queueUrl }),
      queue: queues.quarantine,
      // These messages are known to crash functions. Alone in its batch, a message takes no other with it.
      batchSize: 1,
      maxConcurrency: 2,
      statements: [
        // For an endpoint that answered 410 Gone when deliver could not disable it.
        tableStatement(tables.config, ['UpdateItem'], { partitionKeys: ['ENDPOINT#*', 'ATTENTION#*'] }),
        tableStatement(tables.events, ['GetItem'], { partitionKeys: ['ENDPOINT#*', 'APP#*'] }),
        tableStatement(tables.events, ['PutItem'], { partitionKeys: ['ENDPOINT#*'] }),
        sendStatement([queues.fanOut, queues.deadLetter]),
        putEventsStatement(foundation.bus),
      ],
    });
  }
}
