import type { HttpResponse } from '#adapters/http-api/response.ts';
import { metricsView } from '#core/statistics/metrics.ts';
import type { DatedMetrics } from '../actions/read-metrics.ts';

// Roll-ups are written once a minute, so that an earlier request would find nothing new.
const reconnectAfter = 30_000;
// Clocks of functions differ a little, and reads may miss the latest writes.
const overlap = 10_000;

export interface MetricsAnswer {
  /** When the metrics were read, epoch milliseconds. */
  readonly at: number;
  /** The time of the client's last answer; undefined for the first request. */
  readonly since: number | undefined;
  readonly metrics: DatedMetrics;
  readonly next: string | undefined;
}

/** The time in the Last-Event-ID of an earlier answer; undefined if it is not one. */
export function sinceOf(lastEventId: string | undefined): number | undefined {
  return lastEventId !== undefined && /^\d{13}$/.test(lastEventId) ? Number(lastEventId) : undefined;
}

/**
 * A complete event stream with one event (HTML standard, "server-sent events"), because a Lambda function behind an HTTP API
 * cannot keep a stream open. The client reconnects by itself after `retry`, sends `Last-Event-ID` and gets what has changed
 * since then. Clients ignore an event without data, except for its id.
 */
export function answerOf({ at, since, metrics, next }: MetricsAnswer): HttpResponse {
  const changed = since === undefined ? metrics : changedSince(metrics, since - overlap);
  const { endpoints, eventLabels, queues } = changed;
  const isEmpty = endpoints.length === 0 && eventLabels === undefined && queues === undefined;
  const lines = [`retry: ${reconnectAfter}`, `id: ${at}`, 'event: metrics'];
  if (!isEmpty) lines.push(`data: ${JSON.stringify({ metrics: metricsView(changed), after: next ?? null })}`);
  return {
    statusCode: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    body: `${lines.join('\n')}\n\n`,
  };
}

function changedSince(metrics: DatedMetrics, time: number): DatedMetrics {
  const { endpoints, eventLabels, eventsUpdatedAt = 0 } = metrics;
  return {
    ...metrics,
    endpoints: endpoints.filter(({ updatedAt }) => updatedAt >= time),
    eventLabels: eventsUpdatedAt >= time ? eventLabels : undefined,
  };
}
