import { Aws, Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ingestVariables } from '#lambdas/ingest/env.ts';
import { functionCode } from './bundle.ts';
import { createFunction, environmentOf, type FunctionDefaults } from './function.ts';
import { sendStatement, tableStatement } from './permissions.ts';
import type { Queues } from './queues.ts';
import type { Tables } from './tables.ts';

export interface IngestProps {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly retentionDays: number;
  readonly defaults: FunctionDefaults;
  /** @default - no reserve */
  readonly reservedConcurrency?: number | undefined;
}

/** Takes events in: matches, stores, queues, answers 202. */
export class Ingest extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, { tables, queues, retentionDays, ...props }: IngestProps) {
    super(scope, id);
    this.handler = createFunction(this, {
      description: 'Hook0 ingest: stores posted events and queues their deliveries',
      code: functionCode('ingest'),
      environment: environmentOf(ingestVariables, {
        deployment: Aws.STACK_NAME,
        configTable: tables.config.tableName,
        eventTable: tables.events.tableName,
        highQueue: queues.high.queueUrl,
        normalQueue: queues.normal.queueUrl,
        lowQueue: queues.low.queueUrl,
        fanOutQueue: queues.fanOut.queueUrl,
        retentionDays: String(retentionDays),
      }),
      statements: [
        // Not the endpoints' own items, which hold their secrets: ingest parses what strangers send.
        tableStatement(tables.config, ['GetItem', 'BatchGetItem', 'Query'], {
          partitionKeys: ['APP#*', 'VERSION#*', 'TOKEN#*'],
        }),
        // That a token is in use, and nothing else about it: not what it may do, not when it ends.
        tableStatement(tables.config, ['UpdateItem'], {
          partitionKeys: ['TOKEN#*'],
          attributes: ['pk', 'sk', 'lastUsedAt'],
        }),
        tableStatement(tables.events, ['GetItem'], { partitionKeys: ['APP#*', 'IDEMPOTENCY#*'] }),
        tableStatement(tables.events, ['PutItem'], {
          partitionKeys: ['APP#*', 'EVENT#*', 'ENDPOINT#*', 'IDEMPOTENCY#*'],
        }),
        tableStatement(tables.events, ['UpdateItem'], { partitionKeys: ['RATE#*'] }),
        sendStatement([queues.high, queues.normal, queues.low, queues.fanOut]),
      ],
      // API Gateway gives up after 30 s; one second less leaves the answer to us.
      timeout: Duration.seconds(29),
      defaults: props.defaults,
      reservedConcurrency: props.reservedConcurrency,
    });
  }
}
