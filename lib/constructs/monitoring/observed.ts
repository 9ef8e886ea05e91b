import type { QueueClass } from '#lambdas/deliver/env.ts';
import type { Api } from '../api/api.ts';
import type { SqsFunction } from '../function/sqs-function.ts';
import type { HttpApi } from '../http-api.ts';
import type { Ingest } from '../ingest.ts';
import type { Queues } from '../queues.ts';
import type { Reconcile } from '../reconcile.ts';
import type { Rollup } from '../rollup.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Tables } from '../tables/tables.ts';

/** What the alarms and the dashboard observe. */
export interface Observed {
  readonly http: HttpApi;
  readonly ingest: Ingest;
  readonly api: Api;
  readonly deliver: Readonly<Record<QueueClass, SqsFunction>>;
  readonly fanOut: SqsFunction;
  readonly scheduler: Scheduler;
  readonly tasks: SqsFunction;
  readonly quarantine: SqsFunction;
  readonly reconcile: Reconcile;
  readonly rollup: Rollup;
  readonly queues: Queues;
  readonly tables: Tables;
}
