import type { HttpResponse } from '#adapters/http-api/response.ts';
import { metricsView } from '#core/statistics/metrics.ts';
import type { DatedMetrics } from '../actions/read-metrics.ts';

// Roll-ups are written once a minute: who comes back sooner finds nothing new.
const comeBackAfter = 30_000;
// Clocks of different functions differ a little, and so does the order in which their writes are seen.
const overlap = 10_000;

export interface Told {
  /** When the metrics were read, epoch milliseconds. */
  readonly at: number;
  /** The time up to which the client knows everything; undefined when it knows nothing. */
  readonly since: number | undefined;
  readonly metrics: DatedMetrics;
  readonly next: string | undefined;
}

/** The time in a Last-Event-ID that an earlier answer gave; what is none starts from the beginning. */
export function sinceOf(lastEventId: string | undefined): number | undefined {
  return lastEventId !== undefined && /^\d{13}$/.test(lastEventId) ? Number(lastEventId) : undefined;
}

/**
 * A whole event stream of one event (HTML standard, "server-sent events"): Lambda behind an HTTP API cannot keep one
 * open. Its client connects again by itself after `retry`, with `Last-Event-ID`, and is told what changed since.
 * An event without data tells nobody anything, but moves the id.
 */
export function answerOf({ at, since, metrics, next }: Told): HttpResponse {
  const news = since === undefined ? metrics : changedSince(metrics, since - overlap);
  const isEmpty = news.endpoints.length === 0 && news.eventLabels === undefined && news.queues === undefined;
  const data = JSON.stringify({ metrics: metricsView(news), after: next ?? null });
  const lines = [
    `retry: ${comeBackAfter}`,
    `id: ${at}`,
    'event: metrics',
    ...(isEmpty ? [] : [`data: ${data}`]),
  ];
  return {
    statusCode: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    body: `${lines.join('\n')}\n\n`,
  };
}

function changedSince(metrics: DatedMetrics, time: number): DatedMetrics {
  const { eventLabels, eventsUpdatedAt = 0, ...rest } = metrics;
  return {
    ...rest,
    endpoints: metrics.endpoints.filter(({ updatedAt }) => updatedAt >= time),
    ...(eventLabels !== undefined && eventsUpdatedAt >= time ? { eventLabels, eventsUpdatedAt } : {}),
  };
}
