import { Aws, Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

/** The resolution of alarms, which is what these services send to CloudWatch for free. */
export const minute = Duration.minutes(1);

/** The sum of several metrics as one line. */
export function sumOf(label: string, metrics: readonly IMetric[]): MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  const expression = Object.keys(usingMetrics)
    // A function that did not run in a minute has no value there, and a sum with a missing value has none either.
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics, label, period: minute });
}

/** The metrics that functions write in the embedded metric format, by function. */
const written = {
  ingest: ['EventsAccepted', 'DeliveriesQueued', 'DeliveriesRefusedByQueue'],
  deliver: ['AttemptSucceeded', 'AttemptFailed', 'AttemptDuration', 'DeliveriesDiverted', 'DeliverErrors'],
  'fan-out': ['FanOutErrors', 'DeliveriesRefusedByQueue'],
  scheduler: ['SchedulerErrors', 'DeliveriesReleased'],
  tasks: ['TaskErrors', 'DeliveriesRedriven'],
  quarantine: ['MessagesQuarantined', 'QuarantineErrors'],
  reconcile: ['DeliveriesReconciled', 'DeliveriesRefusedByQueue'],
  rollup: ['RollupErrors', 'ChangesUnreadable'],
} as const;

type Writer = keyof typeof written;

/** A metric that a function writes. @default - sum over a minute */
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

/** Reads and writes that tables refused because they came too fast. */
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

/** Milliseconds that the oldest change of a stream has waited for its function. */
export function streamLag(reader: LambdaFunction, label?: string): Metric {
  return reader.metric('IteratorAge', { label, statistic: Stats.MAXIMUM, period: minute });
}

/** Messages of a queue that wait to be received. */
export function waitingMessages(queue: Queue, label?: string): Metric {
  return queue.metricApproximateNumberOfMessagesVisible({ label, statistic: Stats.MAXIMUM, period: minute });
}
