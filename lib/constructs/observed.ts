import type { HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { QueueClass } from '#lambdas/deliver/env.ts';
import type { Queues } from './queues.ts';
import type { Rollup } from './rollup.ts';
import type { Tables } from './tables.ts';

/** What alarms and dashboard look at. */
export interface Observed {
  readonly stage: HttpStage;
  readonly ingest: LambdaFunction;
  readonly deliver: Readonly<Record<QueueClass, LambdaFunction>>;
  readonly fanOut: LambdaFunction;
  readonly scheduler: LambdaFunction;
  readonly tasks: LambdaFunction;
  readonly quarantine: LambdaFunction;
  readonly reconcile: LambdaFunction;
  readonly rollup: Rollup;
  readonly queues: Queues;
  readonly tables: Tables;
}
