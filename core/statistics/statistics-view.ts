import { type Counters, durationBounds, mostFailing, sumCounters } from './counters.ts';
import { estimateQuantile } from './quantile.ts';

/** Statistics as the API shows them; times are ISO 8601, durations milliseconds. */
export interface StatsView {
  readonly attempts: number;
  readonly successes: number;
  readonly failures: number;
  /** Successes among attempts, 0 to 1; null without attempts. */
  readonly successRate: number | null;
  /** Attempts after the first of their generation, by their number. */
  readonly retries: Readonly<Record<string, number>>;
  /** Deliveries that ended. */
  readonly settled: {
    readonly succeeded: number;
    readonly cancelled: number;
    readonly dead: number;
    readonly deadByReason: Readonly<Record<string, number>>;
  };
  readonly duration: {
    readonly average: number | null;
    /** Estimated from the buckets; null without attempts. */
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
    /** Attempts that took at most so many milliseconds and longer than the bound before; the last has no bound. */
    readonly buckets: readonly { readonly atMost: number | null; readonly attempts: number }[];
  };
  readonly lastSuccessAt: string | null;
  readonly lastFailureAt: string | null;
}

export function statsView(counters: Counters): StatsView {
  const { attempts, successes, duration, durations, retries, settled } = counters;
  const { succeeded = 0, cancelled = 0, ...deadByReason } = settled;
  return {
    ...{ attempts, successes, failures: attempts - successes },
    successRate: attempts === 0 ? null : successes / attempts,
    retries,
    settled: {
      ...{ succeeded, cancelled, deadByReason },
      dead: Object.values(deadByReason).reduce((sum, count) => sum + count, 0),
    },
    duration: {
      average: attempts === 0 ? null : Math.round(duration / attempts),
      p50: estimateQuantile(counters, 0.5) ?? null,
      p95: estimateQuantile(counters, 0.95) ?? null,
      p99: estimateQuantile(counters, 0.99) ?? null,
      buckets: durations.map((count, index) => ({ atMost: upperBound(index), attempts: count })),
    },
    lastSuccessAt: isoOrNull(counters.lastSuccessAt),
    lastFailureAt: isoOrNull(counters.lastFailureAt),
  };
}

/** What happened in an hour, in short; the hour is named by its beginning. */
export interface HourView {
  readonly hour: string;
  readonly attempts: number;
  readonly successes: number;
  readonly failures: number;
  readonly succeeded: number;
  readonly cancelled: number;
  readonly dead: number;
}

/** Whole hours of a subject, earliest first. Hours in which nothing happened are left out. */
export interface Period {
  /** When the first hour begins and the last one ends, epoch milliseconds. */
  readonly since: number;
  readonly until: number;
  readonly hours: readonly { readonly start: number; readonly counters: Counters }[];
}

export function endpointStatsView(endpointId: string, period: Period) {
  return { endpointId, ...periodView(period) };
}

/** Endpoints that an application's statistics name, those that fail most first. */
const topFailing = 10;

export function applicationStatsView(applicationId: string, period: Period) {
  const { failing, events } = sumCounters(period.hours.map(({ counters }) => counters));
  return {
    applicationId,
    events,
    ...periodView(period, ({ events }) => ({ events })),
    topFailingEndpoints: Object.entries(mostFailing(failing, topFailing)).map(([endpointId, failures]) => ({
      endpointId,
      failures,
    })),
  };
}

function periodView<More extends object>(
  { since, until, hours }: Period,
  more?: (counters: Counters) => More,
) {
  return {
    since: iso(since),
    until: iso(until),
    totals: statsView(sumCounters(hours.map(({ counters }) => counters))),
    series: hours.map(({ start, counters }) => ({ ...hourView(start, counters), ...more?.(counters) })),
  };
}

function hourView(start: number, counters: Counters): HourView {
  const { attempts, successes, failures, settled } = statsView(counters);
  const { succeeded, cancelled, dead } = settled;
  return { hour: iso(start), attempts, successes, failures, succeeded, cancelled, dead };
}

function upperBound(index: number): number | null {
  const bound = durationBounds[index];
  return bound === undefined ? null : bound * 1_000;
}

const iso = (time: number): string => new Date(time).toISOString();
const isoOrNull = (time: number | undefined): string | null => (time === undefined ? null : iso(time));
