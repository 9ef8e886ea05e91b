// What the API tells in numbers. Times are ISO 8601, durations milliseconds.

/** Whole hours, at most 31 days. */
export interface StatsQuery {
  /** @default - a day before `until` */
  readonly since?: string;
  /** @default - now */
  readonly until?: string;
}

export interface Totals {
  readonly attempts: number;
  readonly successes: number;
  readonly failures: number;
  /** 0 to 1; null without attempts. */
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
    /** Not cumulative; the last has no bound. */
    readonly buckets: readonly { readonly atMost: number | null; readonly attempts: number }[];
  };
  readonly lastSuccessAt: string | null;
  readonly lastFailureAt: string | null;
}

/** An hour, named by its beginning; those in which nothing happened are left out. */
export interface Hour {
  readonly hour: string;
  readonly attempts: number;
  readonly successes: number;
  readonly failures: number;
  readonly succeeded: number;
  readonly cancelled: number;
  readonly dead: number;
}

interface Stats<Point extends Hour> {
  readonly since: string;
  readonly until: string;
  readonly totals: Totals;
  readonly series: readonly Point[];
}

export interface EndpointStats extends Stats<Hour> {
  readonly endpointId: string;
}

export interface ApplicationStats extends Stats<Hour & { readonly events: number }> {
  readonly applicationId: string;
  /** Events that were taken. */
  readonly events: number;
  readonly topFailingEndpoints: readonly { readonly endpointId: string; readonly failures: number }[];
}

export interface MetricsQuery {
  /** Endpoints of one answer, 1 to 500. @default 500 */
  readonly limit?: number;
  /** Those after this endpoint. */
  readonly after?: string;
}

export interface Metric {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly {
    /** Of a histogram's parts. */
    readonly name?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

export interface Metrics {
  readonly metrics: Readonly<Record<string, Metric>>;
  /** Where the next answer begins; null when there are no more endpoints. */
  readonly after: string | null;
}
