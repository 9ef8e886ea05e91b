import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ingestVariables } from '#lambdas/ingest/env.ts';
import { environmentOf, type Foundation } from './function/foundation.ts';
import { createFunction } from './function/function.ts';
import { sendStatement, tableStatement } from './function/permissions.ts';

/** Takes events in: matches, stores, queues, answers 202. */
export class Ingest extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { settings, tables, queues } = foundation;
    this.handler = createFunction(this, settings, {
      name: 'ingest',
      description: 'Hook0 ingest: stores posted events and queues their deliveries',
      environment: environmentOf(foundation, ingestVariables, {
        eventRateLimit: String(settings.eventRateLimit),
        dailyByteLimit: String(settings.dailyByteLimit),
      }),
      statements: [
        // Not the endpoints' items, which hold their secrets, because ingest parses what anyone may send.
        tableStatement(tables.config, ['GetItem', 'BatchGetItem', 'Query'], {
          partitionKeys: ['APP#*', 'VERSION#*', 'TOKEN#*'],
        }),
        // Ingest may note that a token is in use, and change neither its scopes nor its end.
        tableStatement(tables.config, ['UpdateItem'], {
          partitionKeys: ['TOKEN#*'],
          attributes: ['pk', 'sk', 'lastUsedAt'],
        }),
        tableStatement(tables.events, ['GetItem'], { partitionKeys: ['APP#*', 'IDEMPOTENCY#*'] }),
        tableStatement(tables.events, ['PutItem'], {
          partitionKeys: ['APP#*', 'EVENT#*', 'ENDPOINT#*', 'IDEMPOTENCY#*'],
        }),
        tableStatement(tables.events, ['UpdateItem'], { partitionKeys: ['RATE#*'] }),
        sendStatement([...queues.priorities, queues.fanOut]),
      ],
      // API Gateway gives up after 30 s. One second less lets the function answer.
      timeout: Duration.seconds(29),
      reservedConcurrency: settings.ingestConcurrency,
    });
  }
}
