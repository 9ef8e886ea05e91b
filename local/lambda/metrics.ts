import { asList, isObject, type JsonObject } from '../json/json.ts';

interface MetricQuery {
  readonly namespace: string;
  readonly name: string;
  /** All dimensions of the metric, as CloudWatch demands. @default - none */
  readonly dimensions?: Readonly<Record<string, string>>;
}

/** One minute of one metric. */
interface MetricMinute {
  /** Epoch milliseconds of its start. */
  readonly start: number;
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
  /** All values of the minute, or a uniform sample of them, for percentiles. */
  readonly values: readonly number[];
}

export interface MetricStore {
  add(query: MetricQuery, value: number, time: number): void;
  /** Minutes that have values, oldest first. */
  minutes(query: MetricQuery): readonly MetricMinute[];
  list(): readonly MetricQuery[];
}

/** Three hours, as CloudWatch keeps its finest resolution. */
const keptMinutes = 180;
const keptValues = 1000;

type Bucket = { -readonly [Key in keyof MetricMinute]: MetricMinute[Key] } & { values: number[] };

export function metricStore(random: () => number = Math.random): MetricStore {
  const metrics = new Map<string, { readonly query: MetricQuery; readonly buckets: Map<number, Bucket> }>();
  return {
    add: (query, value, time) => {
      const key = keyOf(query);
      const metric = metrics.get(key) ?? { query, buckets: new Map<number, Bucket>() };
      metrics.set(key, metric);
      const start = Math.floor(time / 60_000) * 60_000;
      const bucket = metric.buckets.get(start);
      if (bucket === undefined) {
        metric.buckets.set(start, {
          start,
          sum: value,
          count: 1,
          minimum: value,
          maximum: value,
          values: [value],
        });
        const oldest = metric.buckets.keys().next().value;
        if (metric.buckets.size > keptMinutes && oldest !== undefined) metric.buckets.delete(oldest);
        return;
      }
      bucket.sum += value;
      bucket.count += 1;
      bucket.minimum = Math.min(bucket.minimum, value);
      bucket.maximum = Math.max(bucket.maximum, value);
      if (bucket.values.length < keptValues) bucket.values.push(value);
      else {
        const at = Math.floor(random() * bucket.count);
        if (at < keptValues) bucket.values[at] = value;
      }
    },
    minutes: (query) =>
      [...(metrics.get(keyOf(query))?.buckets.values() ?? [])].sort((a, b) => a.start - b.start),
    list: () => [...metrics.values()].map(({ query }) => query),
  };
}

/**
 * Records the metrics of a line in CloudWatch's embedded metric format: each metric under each dimension set.
 * As CloudWatch does, it skips members that do not follow the format.
 */
export function recordEmf(record: JsonObject, store: MetricStore): void {
  const aws = record._aws;
  if (!isObject(aws) || !Array.isArray(aws.CloudWatchMetrics)) return;
  const time = Number(aws.Timestamp ?? Number.NaN);
  for (const directive of aws.CloudWatchMetrics) {
    if (!isObject(directive) || typeof directive.Namespace !== 'string') continue;
    const names = asList(directive.Metrics).flatMap((metric) =>
      isObject(metric) && typeof metric.Name === 'string' ? [metric.Name] : [],
    );
    for (const set of asList(directive.Dimensions)) {
      const dimensions = Object.fromEntries(
        asList(set).map((name) => [String(name), String(record[String(name)])]),
      );
      for (const name of names) {
        for (const value of [record[name]].flat()) {
          if (typeof value !== 'number' || !Number.isFinite(time)) continue;
          store.add({ namespace: directive.Namespace, name, dimensions }, value, time);
        }
      }
    }
  }
}

function keyOf({ namespace, name, dimensions = {} }: MetricQuery): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
