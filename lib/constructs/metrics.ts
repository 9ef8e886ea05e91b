import { Aws, Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

/** The resolution of alarms: what CloudWatch has of these services for free. */
export const minute = Duration.minutes(1);

/** The sum of several metrics as one line. */
export function sumOf(label: string, metrics: readonly IMetric[]): MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  const expression = Object.keys(usingMetrics)
    // A function that did not run in a minute has no value for it, and a sum with a gap would be a gap.
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics, label, period: minute });
}

/** Metrics that functions write themselves, in the embedded metric format, by the function that writes them. */
const written = {
  ingest: ['EventsAccepted', 'DeliveriesQueued', 'DeliveriesRefusedByQueue', 'EndpointsUndecided'],
  deliver: ['AttemptSucceeded', 'AttemptFailed', 'AttemptDuration', 'DeliveriesPassedOn', 'DeliverTrouble'],
  'fan-out': ['FanOutErrors', 'DeliveriesRefusedByQueue'],
  scheduler: ['SchedulerErrors', 'DeliveriesReleased'],
  tasks: ['TaskErrors', 'DeliveriesRedriven'],
  quarantine: ['MessagesQuarantined', 'QuarantineErrors'],
  reconcile: ['DeliveriesReconciled', 'DeliveriesRefusedByQueue'],
  rollup: ['RollupErrors', 'ChangesUnreadable'],
} as const;

type Writer = keyof typeof written;

/** A metric that a function writes itself; the sum of a minute unless a statistic is given. */
export function writtenMetric<Name extends Writer>(
  service: Name,
  metricName: (typeof written)[Name][number],
  options: MetricOptions = {},
): Metric {
  return new Metric({
    namespace: 'Hook0',
    metricName,
    dimensionsMap: { service, deployment: Aws.STACK_NAME },
    statistic: Stats.SUM,
    period: minute,
    ...options,
  });
}

/** Requests that a table refused because they came too fast, reads and writes. */
export function throttledRequests(tables: readonly TableV2[]): MathExpression {
  const events = tables.flatMap((table) =>
    ['ReadThrottleEvents', 'WriteThrottleEvents'].map(
      (metricName) =>
        new Metric({
          namespace: 'AWS/DynamoDB',
          metricName,
          dimensionsMap: { TableName: table.tableName },
          statistic: Stats.SUM,
          period: minute,
        }),
    ),
  );
  return sumOf('throttled requests', events);
}

/** Seconds that the oldest message of a queue has waited. */
export function oldestMessageAge(queue: Queue, label?: string): Metric {
  return queue.metricApproximateAgeOfOldestMessage({ label, statistic: Stats.MAXIMUM, period: minute });
}

/** Milliseconds that the oldest change of a stream has waited for the function that reads it. */
export function streamLag(reader: LambdaFunction, label?: string): Metric {
  return reader.metric('IteratorAge', { label, statistic: Stats.MAXIMUM, period: minute });
}

/** Messages of a queue that wait to be received. */
export function waitingMessages(queue: Queue, label?: string): Metric {
  return queue.metricApproximateNumberOfMessagesVisible({ label, statistic: Stats.MAXIMUM, period: minute });
}
