import { type Counters, durationBounds, eventLabel, noCounters } from '#core/statistics/counters.ts';
import { exposition } from '#core/statistics/exposition.ts';
import { hourMs } from '#core/statistics/hour.ts';
import { families, type Metrics, metricsView } from '#core/statistics/metrics.ts';
import { applicationStatisticsView, endpointStatisticsView } from '#core/statistics/statistics-view.ts';
import { answerOf } from '#lambdas/api/http/server-sent-events.ts';
import { applicationId, ids, whenPosted } from './records.ts';

// One event to one endpoint, which failed once and then got it.

const counted: Counters = {
  ...noCounters,
  attempts: 2,
  successes: 1,
  duration: 170,
  events: 1,
  durations: [2, ...durationBounds.map(() => 0)],
  settled: { succeeded: 1 },
  retries: { 2: 1 },
  eventLabels: { [eventLabel('order.created', 'ecommerce-app')]: 1 },
  lastSuccessAt: whenPosted + 120,
  lastFailureAt: whenPosted + 35,
};
const period = {
  since: whenPosted,
  until: whenPosted + hourMs,
  hours: [{ start: whenPosted, counters: counted }],
};
export const endpointStatisticsExample = endpointStatisticsView(ids.endpoint, period);
export const applicationStatisticsExample = applicationStatisticsView(applicationId, period);

const metrics: Metrics = {
  endpoints: [{ endpointId: ids.endpoint, counters: counted, circuit: 'closed' }],
  eventLabels: counted.eventLabels,
};
export const metricsExample = { metrics: metricsView(metrics), after: null };
export const textMetricsExample = exposition(families(metrics), 'text');
export const openMetricsExample = exposition(families(metrics), 'openmetrics');
export const metricsStreamExample = answerOf({
  at: whenPosted,
  since: undefined,
  next: undefined,
  metrics: { endpoints: [], eventLabels: counted.eventLabels },
}).body;
