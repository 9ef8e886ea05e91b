import { contentTypes } from '#core/statistics/exposition.ts';
import type { Answer, Operations } from '../operation.ts';
import * as examples from '../statistics-examples.ts';

const about = 'By the hour, and one to two minutes old.';
const scraped = 'All time, by endpoint; queues only for operators. Pages go on with after.';

const stats = (schema: 'EndpointStats' | 'ApplicationStats', example: unknown): Answer => ({
  ...{ status: 200, description: 'The statistics of whole hours.', content: { schema, example } },
});

export const statisticsOperations: Operations = {
  'GET /api/endpoints/{endpointId}/stats': {
    ...{ id: 'getEndpointStats', tag: 'statistics', summary: 'What an endpoint made of its deliveries' },
    description: about,
    answers: [stats('EndpointStats', examples.endpointStatsExample)],
  },
  'GET /api/stats': {
    ...{ id: 'getStats', tag: 'statistics', summary: 'The same of all endpoints of an application' },
    description: about,
    answers: [stats('ApplicationStats', examples.applicationStatsExample)],
  },
  'GET /metrics': {
    ...{ id: 'scrapeMetrics', tag: 'statistics', summary: 'Metrics for Prometheus' },
    description: `${scraped} As Accept says, the text format 0.0.4 or OpenMetrics 1.0.`,
    answers: [
      {
        ...{ status: 200, description: 'The metrics.', headers: ['vary'] },
        content: [
          { type: contentTypes.text, example: examples.textMetricsExample },
          { type: contentTypes.openmetrics, example: examples.openMetricsExample },
        ],
      },
    ],
  },
  'GET /api/metrics': {
    ...{ id: 'getMetrics', tag: 'statistics', summary: 'Metrics in JSON' },
    description: scraped,
    answers: [
      {
        ...{ status: 200, description: 'The metrics.' },
        content: { schema: 'Metrics', example: examples.metricsExample },
      },
    ],
  },
  'GET /api/metrics/stream': {
    ...{ id: 'streamMetrics', tag: 'statistics', summary: 'Metrics as server-sent events' },
    description: `${scraped} One event a request; an EventSource asks again by itself and is told what changed.`,
    answers: [
      {
        ...{ status: 200, description: 'A stream of one event, whose data are those of GET /api/metrics.' },
        content: { type: 'text/event-stream; charset=utf-8', example: examples.metricsStreamExample },
      },
    ],
    headers: ['lastEventId'],
  },
};
