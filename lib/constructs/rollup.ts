import { Duration } from 'aws-cdk-lib';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type Function as LambdaFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { rollupVariables } from '#lambdas/rollup/env.ts';
import { environmentOf, type Foundation } from './function/foundation.ts';
import { createFunction } from './function/function.ts';
import { readStreamStatement, sendStatement, streamArnOf, tableStatement } from './function/permissions.ts';
import { acknowledge } from './resource/acknowledge.ts';
import { freezeLogicalId } from './resource/raw-resource.ts';
import { removalPolicyOf } from './resource/removal-policy.ts';

// Filters are alternatives. The claim of an attempt matches none, because there is nothing to count yet. Roll-ups match
// none either: their keys begin with STATS#.
const filters = [
  FilterCriteria.filter({
    eventName: FilterRule.or('INSERT', 'MODIFY'),
    dynamodb: {
      Keys: { pk: { S: FilterRule.beginsWith('ENDPOINT#') } },
      NewImage: { status: { S: [{ 'anything-but': ['attempting'] }] } },
    },
  }),
  FilterCriteria.filter({
    eventName: FilterRule.isEqual('INSERT'),
    dynamodb: { Keys: { pk: { S: FilterRule.beginsWith('APP#') } } },
  }),
];

/** Counts deliveries and events for the statistics, from the stream of the event table, off the path of deliveries. */
export class Rollup extends Construct {
  readonly handler: LambdaFunction;
  /** Gets a note from Lambda for each batch that it gave up. */
  readonly failed: Queue;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { settings, tables } = foundation;
    this.failed = new Queue(this, 'Failed', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: removalPolicyOf(settings),
    });
    freezeLogicalId(this.failed, 'Hook0RollupFailedQueue');
    acknowledge(
      this.failed,
      'SQS3',
      'the queue is itself the end for notes of failed batches: no function consumes it, operators read it',
    );
    this.handler = createFunction(this, settings, {
      name: 'rollup',
      description: 'Hook0 rollup: counts deliveries and events for the statistics',
      environment: environmentOf(foundation, rollupVariables, {}),
      statements: [
        tableStatement(tables.events, ['BatchGetItem', 'PutItem'], { partitionKeys: ['STATS#*'] }),
        readStreamStatement(tables.events),
        sendStatement([this.failed]),
      ],
      timeout: Duration.minutes(1),
    });
    new EventSourceMapping(this, 'Changes', {
      target: this.handler,
      eventSourceArn: streamArnOf(tables.events),
      // LATEST may miss changes of the first minutes of a deployment.
      startingPosition: StartingPosition.TRIM_HORIZON,
      // The most that Lambda allows (or 6 MB): the larger a batch, the fewer writes.
      batchSize: 10_000,
      maxBatchingWindow: Duration.seconds(settings.rollupBatchWindow),
      filters,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // Enough for a table that fails for a while. Retrying for ever would stop the shard until its records expire
      // after a day, and so lose all of them.
      retryAttempts: 10,
      // The CDK's own destination would grant more than sending.
      onFailure: { bind: () => ({ destination: this.failed.queueArn }) },
    });
  }
}
