import { compileMath, type Value } from './metric-math.ts';

interface TemplateMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}
interface TemplateQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: TemplateMetric; readonly Period: number; readonly Stat: string };
  readonly Period?: number;
  readonly ReturnData?: boolean;
}
/** The properties of an `AWS::CloudWatch::Alarm` that decide its state. */
export interface AlarmProperties extends Partial<TemplateMetric> {
  readonly Metrics?: readonly TemplateQuery[];
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Period?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData?: string;
}

/** A metric that an alarm reads, with its statistic. */
export interface ReadMetric {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: string;
  /** By name; a value is text, or an intrinsic function of the template. */
  readonly dimensions: Readonly<Record<string, unknown>>;
}

export type AlarmState = 'ALARM' | 'OK';

export interface Alarm {
  readonly metrics: readonly ReadMetric[];
  /**
   * The state that an evaluation results in.
   * @param read - what has arrived of a metric for the period that ended so many minutes ago; 0 is the newest one
   * @param before - the state until now
   */
  evaluate(read: (metric: ReadMetric, minutesAgo: number) => Value, before: AlarmState): AlarmState;
}

/** CloudWatch reads some more periods than it evaluates, in case that the newest ones have no data yet. */
const morePeriods = 2;

const breaches: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/**
 * Evaluates an alarm of one-minute periods as CloudWatch documents it ("Configuring how CloudWatch alarms treat missing
 * data"): of the periods that it reads, the newest ones with data count, and those that are missing are treated as the alarm
 * says. Alarms over AWS/DynamoDB ignore missing data, whatever they say.
 *
 * @throws Error when the alarm uses something else
 */
export function readAlarm(properties: AlarmProperties): Alarm {
  const { Threshold, EvaluationPeriods: of, DatapointsToAlarm: needed = of } = properties;
  const isBreaching = breaches[properties.ComparisonOperator];
  if (isBreaching === undefined) throw new Error(`${properties.ComparisonOperator} is not known here`);
  const { metrics, valueAt } = readQueries(queriesOf(properties));
  const ignoresMissing = metrics.some(({ namespace }) => namespace === 'AWS/DynamoDB');
  const missing = ignoresMissing ? 'ignore' : properties.TreatMissingData;
  if (missing !== 'ignore' && missing !== 'breaching' && missing !== 'notBreaching') {
    throw new Error(`TreatMissingData ${missing} is not known here`);
  }

  return {
    metrics,
    evaluate(read, before) {
      const range = Array.from({ length: of + morePeriods }, (_, minutesAgo) => valueAt(read, minutesAgo));
      const known = range.filter((value) => value !== undefined).slice(0, of);
      const absent = of - known.length;
      const breaching =
        known.filter((value) => isBreaching(value, Threshold)).length +
        (missing === 'breaching' ? absent : 0);
      if (breaching >= needed) return 'ALARM';
      return absent > 0 && missing === 'ignore' ? before : 'OK';
    },
  };
}

function queriesOf(properties: AlarmProperties): readonly TemplateQuery[] {
  if (properties.Metrics !== undefined) return properties.Metrics;
  const { Namespace = '', MetricName = '', Dimensions, Period = 0 } = properties;
  const Stat = properties.Statistic ?? properties.ExtendedStatistic ?? '';
  const Metric = { Namespace, MetricName, ...(Dimensions && { Dimensions }) };
  return [{ Id: 'only', MetricStat: { Metric, Period, Stat } }];
}

type ValueOf = (metric: ReadMetric, minutesAgo: number) => Value;

function readQueries(queries: readonly TemplateQuery[]) {
  const metrics = new Map<string, ReadMetric>();
  let expression: ReturnType<typeof compileMath> | undefined;
  for (const { Id, Expression, MetricStat } of queries) {
    if (Expression !== undefined) {
      if (expression !== undefined) throw new Error('an alarm with two expressions is not known here');
      expression = compileMath(Expression);
    } else if (MetricStat !== undefined) {
      const { Metric, Period, Stat } = MetricStat;
      if (Period !== 60) throw new Error(`a period of ${Period} s is not known here`);
      const dimensions = Object.fromEntries(
        (Metric.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]),
      );
      metrics.set(Id, { namespace: Metric.Namespace, name: Metric.MetricName, statistic: Stat, dimensions });
    }
  }
  const valueAt = (read: ValueOf, minutesAgo: number): Value => {
    const named = (id: string): Value => {
      const metric = metrics.get(id);
      if (metric === undefined) throw new Error(`the expression names ${id}, which the alarm does not read`);
      return read(metric, minutesAgo);
    };
    const [only] = metrics.keys();
    return expression === undefined ? named(only ?? '') : expression(named);
  };
  return { metrics: [...metrics.values()], valueAt };
}
