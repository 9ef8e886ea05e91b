import { Aws } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { quarantineVariables } from '#lambdas/quarantine/env.ts';
import { functionCode } from './bundle.ts';
import { createFunction, environmentOf, type FunctionDefaults } from './function.ts';
import { consumeStatement, putEventsStatement, sendStatement, tableStatement } from './permissions.ts';
import { consumerTimeout, type Queues } from './queues.ts';
import type { Tables } from './tables.ts';

export interface QuarantineProps {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly bus: IEventBus;
  readonly retentionDays: number;
  readonly defaults: FunctionDefaults;
}

/** Turns messages that crash the system into dead letters, which people see and may redrive. */
export class Quarantine extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, { tables, queues, bus, ...props }: QuarantineProps) {
    super(scope, id);
    this.handler = createFunction(this, {
      description: 'Hook0 quarantine: gives up what crashes the system, so that it is seen',
      code: functionCode('quarantine'),
      environment: environmentOf(quarantineVariables, {
        deployment: Aws.STACK_NAME,
        configTable: tables.config.tableName,
        eventTable: tables.events.tableName,
        ownQueue: queues.quarantine.queueUrl,
        fanOutQueue: queues.fanOut.queueUrl,
        deadLetterQueue: queues.deadLetter.queueUrl,
        bus: bus.eventBusName,
        retentionDays: String(props.retentionDays),
      }),
      statements: [
        // An endpoint that said it is gone, when whoever was told could not disable it.
        tableStatement(tables.config, ['UpdateItem'], { partitionKeys: ['ENDPOINT#*', 'ATTENTION#*'] }),
        tableStatement(tables.events, ['GetItem'], { partitionKeys: ['ENDPOINT#*', 'APP#*'] }),
        tableStatement(tables.events, ['PutItem'], { partitionKeys: ['ENDPOINT#*'] }),
        consumeStatement(queues.quarantine),
        sendStatement([queues.fanOut, queues.deadLetter]),
        putEventsStatement(bus),
      ],
      timeout: consumerTimeout,
      defaults: props.defaults,
    });
    new EventSourceMapping(this, 'Messages', {
      target: this.handler,
      eventSourceArn: queues.quarantine.queueArn,
      // These messages are known to crash functions: each alone takes no other with it.
      batchSize: 1,
      maxConcurrency: 2,
      reportBatchItemFailures: true,
    });
  }
}
