import { iso } from '#core/validation/instant.ts';
import type { ViewOf } from '#core/validation/view-schemas.ts';
import { type Counters, durationBounds, mostFailing, sumCounters } from './counters.ts';
import { estimateQuantile } from './quantile.ts';
import type {
  applicationStatisticsSchema,
  endpointStatisticsSchema,
  hourSchema,
  totalsSchema,
} from './statistics-view-schema.ts';

function totalsView(counters: Counters): ViewOf<typeof totalsSchema> {
  const { attempts, successes, duration, durations, retries, settled } = counters;
  const { succeeded = 0, cancelled = 0, ...deadByReason } = settled;
  return {
    attempts,
    successes,
    failures: attempts - successes,
    successRate: attempts === 0 ? null : successes / attempts,
    retries,
    settled: {
      succeeded,
      cancelled,
      deadByReason,
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

/** Whole hours of a subject, earliest first. Hours without counts are left out. */
export interface Period {
  /** The start of the first hour and the end of the last one, epoch milliseconds. */
  readonly since: number;
  readonly until: number;
  readonly hours: readonly { readonly start: number; readonly counters: Counters }[];
}

export function endpointStatisticsView(
  endpointId: string,
  period: Period,
): ViewOf<typeof endpointStatisticsSchema> {
  const series = period.hours.map(({ start, counters }) => hourView(start, counters));
  return { endpointId, ...periodView(period), series };
}

/** How many endpoints the statistics of an application name. */
const topFailing = 10;

export function applicationStatisticsView(
  applicationId: string,
  period: Period,
): ViewOf<typeof applicationStatisticsSchema> {
  const { failing, events } = sumCounters(period.hours.map(({ counters }) => counters));
  const series = period.hours.map(({ start, counters }) => ({
    ...hourView(start, counters),
    events: counters.events,
  }));
  const top = Object.entries(mostFailing(failing, topFailing));
  return {
    applicationId,
    events,
    ...periodView(period),
    series,
    topFailingEndpoints: top.map(([endpointId, failures]) => ({ endpointId, failures })),
  };
}

function periodView({ since, until, hours }: Period) {
  const totals = totalsView(sumCounters(hours.map(({ counters }) => counters)));
  return { since: iso(since), until: iso(until), totals };
}

function hourView(start: number, counters: Counters): ViewOf<typeof hourSchema> {
  const { attempts, successes, failures, settled } = totalsView(counters);
  const { succeeded, cancelled, dead } = settled;
  return { hour: iso(start), attempts, successes, failures, succeeded, cancelled, dead };
}

function upperBound(index: number): number | null {
  const bound = durationBounds[index];
  return bound === undefined ? null : bound * 1_000;
}

const isoOrNull = (time: number | undefined): string | null => (time === undefined ? null : iso(time));
