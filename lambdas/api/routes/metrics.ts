import type { Caller } from '#adapters/http-api/auth.ts';
import type { Operations } from '#adapters/http-api/operation.ts';
import { matchingParameter, type Query, wholeParameter } from '#adapters/http-api/query.ts';
import { json } from '#adapters/http-api/response.ts';
import { type ApiRoute, route } from '#adapters/http-api/route.ts';
import { idPatterns, isEndpointId } from '#core/id/ids.ts';
import { contentTypes, exposition, preferredFormat } from '#core/statistics/exposition.ts';
import { families, metricsView } from '#core/statistics/metrics.ts';
import { type MetricsServices, readMetrics } from '../actions/read-metrics.ts';
import { answerOf, sinceOf } from '../http/server-sent-events.ts';

const mostEndpoints = 500;

const limitParameter = wholeParameter({
  name: 'limit',
  description: 'Maximum number of endpoints.',
  most: mostEndpoints,
  default: mostEndpoints,
});
const afterParameter = matchingParameter({
  name: 'after',
  description: 'The value of after in the previous answer.',
  schema: { pattern: idPatterns.endpoint.source },
  check: isEndpointId,
  accepted: 'an endpoint id such as ep_01h…',
});
const scrapeParameters = [limitParameter, afterParameter] as const;

export function metricsRoutes(services: MetricsServices): ApiRoute[] {
  const read = (query: Query, { applicationId, isOperator }: Caller) =>
    readMetrics(services, applicationId, {
      after: afterParameter.read(query),
      limit: limitParameter.read(query),
      withQueues: isOperator,
    });

  return [
    route({
      method: 'GET',
      path: '/metrics',
      scope: 'read',
      query: scrapeParameters,
      async handle({ request, query, caller }) {
        const { metrics, next } = await read(query, caller);
        const format = preferredFormat(request.headers.accept);
        const notes =
          next === undefined ? [] : [`There are more endpoints: also scrape /metrics?after=${next}`];
        return {
          statusCode: 200,
          headers: { 'content-type': contentTypes[format], vary: 'accept' },
          body: exposition(families(metrics), format, notes),
        };
      },
    }),
    route({
      method: 'GET',
      path: '/api/metrics',
      scope: 'read',
      query: scrapeParameters,
      async handle({ query, caller }) {
        const { metrics, next } = await read(query, caller);
        return json(200, { metrics: metricsView(metrics), after: next ?? null });
      },
    }),
    route({
      method: 'GET',
      path: '/api/metrics/stream',
      scope: 'read',
      query: scrapeParameters,
      async handle({ request, query, caller }) {
        const at = services.now();
        const since = sinceOf(request.headers['last-event-id']);
        const { metrics, next } = await read(query, caller);
        return answerOf({ at, since, metrics, next });
      },
    }),
  ];
}

/** What the OpenAPI document says about these routes. No function imports it. */
export const metricsOperations = {
  'GET /metrics': {
    id: 'scrapeMetrics',
    summary: 'Metrics for Prometheus',
    description:
      'Counts of all time by endpoint; sizes of queues only for operators. after gets the next page. The Accept header chooses the text format 0.0.4 or OpenMetrics 1.0.',
    answers: [
      {
        status: 200,
        description: 'The metrics.',
        types: [
          'text/plain; version=0.0.4; charset=utf-8',
          'application/openmetrics-text; version=1.0.0; charset=utf-8',
        ],
        headers: ['vary'],
      },
    ],
  },
  'GET /api/metrics': {
    id: 'getMetrics',
    summary: 'Metrics in JSON',
    description:
      'Counts of all time by endpoint; sizes of queues only for operators. after gets the next page.',
    answers: [{ status: 200, description: 'The metrics.', schema: 'Metrics' }],
  },
  'GET /api/metrics/stream': {
    id: 'streamMetrics',
    summary: 'Metrics as server-sent events',
    description:
      'Counts of all time by endpoint; sizes of queues only for operators. after gets the next page. Each answer has one event. An EventSource reconnects by itself and then gets what has changed.',
    answers: [
      {
        status: 200,
        description: 'A stream of one event with the data of GET /api/metrics.',
        types: ['text/event-stream; charset=utf-8'],
      },
    ],
    headers: ['last-event-id'],
  },
} as const satisfies Operations;
