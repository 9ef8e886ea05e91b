import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { minute, streamLag, sumOf, throttledRequests, waitingMessages, writtenMetric } from './metrics.ts';
import type { Observed } from './observed.ts';

/** An alarm. It goes off when the metric reaches the threshold in each of several minutes. */
export interface AlarmRule {
  readonly id: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** How many minutes. */
  readonly periods: number;
  /** What users notice. */
  readonly impact: string;
  /** The anchor of the section in docs/runbook.md. */
  readonly runbook: string;
}

export function alarmRules({
  http,
  ingest,
  deliver,
  fanOut,
  scheduler,
  tasks,
  quarantine,
  reconcile,
  rollup,
  tables,
}: Observed): AlarmRule[] {
  const delivers = Object.values(deliver);
  const sum = { statistic: Stats.SUM, period: minute };
  const errorsOf = (functions: readonly { readonly handler: LambdaFunction }[]) =>
    functions.map(({ handler }) => handler.metricErrors(sum));
  return [
    {
      id: 'ApiErrors',
      metric: http.stage.metricServerError(sum),
      threshold: 5,
      periods: 2,
      impact: 'Producers get 5xx from the API: events are not accepted and have to be posted again.',
      runbook: 'api-errors',
    },
    {
      id: 'IngestErrors',
      metric: ingest.handler.metricErrors(sum),
      threshold: 1,
      periods: 2,
      impact: 'Posting events fails or times out: producers have to post again.',
      runbook: 'ingest-errors',
    },
    {
      id: 'HighQueueLate',
      metric: deliver.high.metricMessageAge(),
      threshold: 60,
      periods: 3,
      impact: 'Webhooks of priority high reach receivers more than a minute late.',
      runbook: 'queue-late',
    },
    {
      id: 'NormalQueueLate',
      metric: deliver.normal.metricMessageAge(),
      threshold: 300,
      periods: 3,
      impact: 'Webhooks reach receivers more than five minutes late.',
      runbook: 'queue-late',
    },
    {
      id: 'LowQueueLate',
      metric: deliver.low.metricMessageAge(),
      threshold: 1800,
      periods: 3,
      impact: 'Webhooks of priority low reach receivers more than half an hour late.',
      runbook: 'queue-late',
    },
    {
      id: 'FanOutLate',
      metric: fanOut.metricMessageAge(),
      threshold: 300,
      periods: 3,
      impact: 'Events with many endpoints reach receivers more than five minutes late.',
      runbook: 'fan-out-late',
    },
    {
      id: 'Quarantined',
      // The function's own counts, because its queue is empty again soon and messages in work are invisible.
      metric: sumOf('messages given up', [
        writtenMetric('quarantine', 'MessagesQuarantined'),
        writtenMetric('quarantine', 'QuarantineErrors'),
        ...errorsOf([quarantine]),
      ]),
      threshold: 1,
      periods: 1,
      impact:
        'Some deliveries did not reach their receivers because our own functions failed on them for an hour or more.',
      runbook: 'quarantined',
    },
    {
      id: 'DeliverErrors',
      // A message that fails does not fail its batch, so Lambda's count of errors is not enough.
      metric: sumOf('deliver errors', [...errorsOf(delivers), writtenMetric('deliver', 'DeliverErrors')]),
      threshold: 5,
      periods: 3,
      impact:
        'Deliveries are repeated late because our own function fails; receivers may see webhooks twice.',
      runbook: 'deliver-errors',
    },
    {
      id: 'DeliverThrottled',
      metric: sumOf(
        'deliver throttles',
        delivers.map(({ handler }) => handler.metricThrottles(sum)),
      ),
      threshold: 10,
      periods: 5,
      impact: 'Webhooks are late because the account has no Lambda concurrency left.',
      runbook: 'deliver-throttled',
    },
    {
      id: 'BackgroundErrors',
      metric: sumOf('fan-out, scheduler and tasks errors', [
        ...errorsOf([fanOut, scheduler, tasks]),
        writtenMetric('tasks', 'TaskErrors'),
        writtenMetric('fan-out', 'FanOutErrors'),
        writtenMetric('scheduler', 'SchedulerErrors'),
      ]),
      threshold: 1,
      periods: 3,
      impact:
        'Delayed, held, retried and redriven deliveries, and events with many endpoints, are released late.',
      runbook: 'background-errors',
    },
    {
      id: 'Reconcile',
      // It found deliveries that were lost, or it failed. Both are worth knowing, and neither is urgent.
      metric: sumOf('lost deliveries and reconcile errors', [
        writtenMetric('reconcile', 'DeliveriesReconciled'),
        ...errorsOf([reconcile]),
      ]),
      threshold: 1,
      periods: 1,
      impact:
        'Some webhooks were lost on their way and are sent up to a day late, or the daily search for them fails.',
      runbook: 'reconcile',
    },
    {
      id: 'StatisticsLate',
      metric: streamLag(rollup.handler),
      // A batch waits for a minute to fill up.
      threshold: 10 * 60_000,
      periods: 3,
      impact: 'Statistics and /metrics are more than ten minutes behind; webhooks are delivered as usual.',
      runbook: 'statistics-late',
    },
    {
      id: 'StatisticsErrors',
      // Failed batches are repeated, so a single failure loses nothing.
      metric: sumOf('roll-up trouble', [writtenMetric('rollup', 'RollupErrors'), ...errorsOf([rollup])]),
      threshold: 1,
      periods: 5,
      impact:
        'Statistics and /metrics fall behind because our own function fails; webhooks are delivered as usual.',
      runbook: 'statistics-late',
    },
    {
      id: 'StatisticsIncomplete',
      metric: sumOf('changes that are not counted', [
        writtenMetric('rollup', 'ChangesUnreadable'),
        waitingMessages(rollup.failed),
      ]),
      threshold: 1,
      periods: 1,
      impact: 'Statistics and /metrics lack some deliveries for good; webhooks are delivered as usual.',
      runbook: 'statistics-incomplete',
    },
    {
      id: 'QueuesRefuse',
      metric: sumOf('refused deliveries', [
        writtenMetric('ingest', 'DeliveriesRefusedByQueue'),
        writtenMetric('fan-out', 'DeliveriesRefusedByQueue'),
        writtenMetric('reconcile', 'DeliveriesRefusedByQueue'),
      ]),
      threshold: 1,
      periods: 3,
      impact: 'Webhooks start up to a minute late because SQS refuses their messages.',
      runbook: 'queues-refuse',
    },
    {
      id: 'TablesThrottled',
      metric: throttledRequests([tables.config, tables.events]),
      threshold: 10,
      periods: 3,
      impact: 'Producers may get 5xx and webhooks are late because DynamoDB refuses requests.',
      runbook: 'tables-throttled',
    },
  ];
}
