import { Aws, Duration, type RemovalPolicy } from 'aws-cdk-lib';
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
import { acknowledge } from './acknowledge.ts';
import { functionCode } from './bundle.ts';
import { createFunction, environmentOf, type FunctionDefaults } from './function.ts';
import { readStreamStatement, sendStatement, streamArnOf, tableStatement } from './permissions.ts';
import { freezeLogicalId } from './raw-resource.ts';
import type { Tables } from './tables.ts';

export interface RollupProps {
  readonly tables: Tables;
  /** Seconds that changes may wait for others: the larger the batch, the fewer the writes. */
  readonly batchWindow: number;
  readonly retentionDays: number;
  readonly removalPolicy: RemovalPolicy;
  readonly defaults: FunctionDefaults;
}

// Rules are alternatives. An attempt under way has nothing to count yet, so its claim wakes nobody; the roll-ups
// themselves begin with STATS# and match neither.
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

/** Counts what the event table's stream tells, off the path of deliveries. */
export class Rollup extends Construct {
  readonly handler: LambdaFunction;
  /** Where Lambda notes the batches that it gave up. */
  readonly failed: Queue;

  constructor(scope: Construct, id: string, { tables, ...props }: RollupProps) {
    super(scope, id);
    this.failed = new Queue(this, 'Failed', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: props.removalPolicy,
    });
    freezeLogicalId(this.failed, 'Hook0RollupFailedQueue');
    acknowledge(
      this.failed,
      'SQS3',
      'the queue is itself where notes of failed batches end: nothing consumes it, people read it',
    );
    this.handler = createFunction(this, {
      description: 'Hook0 rollup: counts deliveries and events for the statistics',
      code: functionCode('rollup'),
      environment: environmentOf(rollupVariables, {
        deployment: Aws.STACK_NAME,
        eventTable: tables.events.tableName,
        retentionDays: String(props.retentionDays),
      }),
      statements: [
        tableStatement(tables.events, ['BatchGetItem', 'PutItem'], { partitionKeys: ['STATS#*'] }),
        readStreamStatement(tables.events),
        sendStatement([this.failed]),
      ],
      timeout: Duration.minutes(1),
      defaults: props.defaults,
    });
    new EventSourceMapping(this, 'Changes', {
      target: this.handler,
      eventSourceArn: streamArnOf(tables.events),
      // From the stream's beginning: LATEST may miss what is written in the first minutes of a deployment.
      startingPosition: StartingPosition.TRIM_HORIZON,
      // As many as Lambda allows, or 6 MB: the larger the batch, the fewer the writes.
      batchSize: 10_000,
      maxBatchingWindow: Duration.seconds(props.batchWindow),
      filters,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // Enough for a table's passing trouble; for ever would stop the shard for a day, and then lose all that waited.
      retryAttempts: 10,
      // Not the CDK's own: that would grant more than to send.
      onFailure: { bind: () => ({ destination: this.failed.queueArn }) },
    });
  }
}
