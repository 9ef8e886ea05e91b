import { Aws, Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Tables } from '../tables/tables.ts';

/** The resolution of alarms, which is what these services send to CloudWatch for free. */
export const minute = Duration.minutes(1);

export const perMinute = { statistic: Stats.SUM, period: minute };

/** A line that is computed from others. @param expression in CloudWatch's metric math, which treats a gap as 0 in a sum */
export const expressionOf = (
  label: string,
  expression: string,
  usingMetrics: Readonly<Record<string, IMetric>>,
): MathExpression => new MathExpression({ expression, usingMetrics, label, period: minute });

/** The sum of several metrics as one line. @param term of a metric in the sum, by its name there. @default - the metric */
export function sumOf(
  label: string,
  metrics: readonly IMetric[],
  term: (name: string) => string = (name) => name,
): MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  return expressionOf(label, Object.keys(usingMetrics).map(term).join(' + '), usingMetrics);
}

interface HasFunction {
  readonly handler: LambdaFunction;
}

export const errorsOf = (functions: readonly HasFunction[]): IMetric[] =>
  functions.map(({ handler }) => handler.metricErrors(perMinute));

export const throttlesOf = (functions: readonly HasFunction[]): IMetric[] =>
  functions.map(({ handler }) => handler.metricThrottles(perMinute));

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

/**
 * Reads and writes that tables refused because they came too fast. A table's metrics leave its indexes out.
 *
 * Alarms over this namespace ignore missing data, and would never end, so gaps are filled with 0.
 */
export function throttledRequests({ config, events }: Pick<Tables, 'config' | 'events'>): MathExpression {
  const dimensions: readonly Record<string, string>[] = [
    { TableName: config.tableName },
    { TableName: events.tableName },
    { TableName: events.tableName, GlobalSecondaryIndexName: Tables.attentionIndex },
  ];
  const metrics = dimensions.flatMap((dimensionsMap) =>
    ['ReadThrottleEvents', 'WriteThrottleEvents'].map(
      (metricName) => new Metric({ ...perMinute, namespace: 'AWS/DynamoDB', metricName, dimensionsMap }),
    ),
  );
  return sumOf('throttled requests', metrics, (name) => `FILL(${name}, 0)`);
}

/** Milliseconds that the oldest change of a stream has waited for its function. */
export function streamLag(reader: LambdaFunction, label?: string): Metric {
  return reader.metric('IteratorAge', { label, statistic: Stats.MAXIMUM, period: minute });
}

/** Messages of a queue that wait to be received. */
export function waitingMessages(queue: Queue, label?: string): Metric {
  return queue.metricApproximateNumberOfMessagesVisible({ label, statistic: Stats.MAXIMUM, period: minute });
}
