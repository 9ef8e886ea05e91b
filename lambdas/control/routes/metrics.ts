import { isEndpointId } from '../../core/ids.ts';
import { contentTypes, exposition, preferredFormat } from '../../core/stats/exposition.ts';
import { families, metricsView } from '../../core/stats/metrics.ts';
import type { Caller } from '../../runtime/http/auth.ts';
import { matching, type Query, queryProblem, quoted } from '../../runtime/http/query.ts';
import { json } from '../../runtime/http/response.ts';
import { createReadMetrics, type ReadMetricsOptions } from '../read-metrics.ts';
import { type Route, route } from '../route.ts';
import { answerOf, sinceOf } from '../server-sent-events.ts';

const scrapeParameters = ['limit', 'after'] as const;
const mostEndpoints = 500;

export function metricsRoutes(options: ReadMetricsOptions): Route[] {
  const readMetrics = createReadMetrics(options);

  const read = (query: Query, { applicationId, isOperator }: Caller) => {
    const after = matching(query, 'after', isEndpointId, 'an endpoint id such as ep_01h…');
    return readMetrics(applicationId, {
      limit: readLimit(query),
      ...(after === undefined ? {} : { after }),
      withQueues: isOperator,
    });
  };

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
          next === undefined ? [] : [`There are more endpoints: scrape /metrics?after=${next} as well.`];
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
        const at = options.now();
        const since = sinceOf(request.headers['last-event-id']);
        const { metrics, next } = await read(query, caller);
        return answerOf({ at, since, metrics, next });
      },
    }),
  ];
}

/** Endpoints of one answer, 1 to 500, by default 500. */
function readLimit({ limit }: Query): number {
  if (limit === undefined) return mostEndpoints;
  const value = Number(limit);
  if (!/^\d{1,3}$/.test(limit) || value < 1 || value > mostEndpoints)
    throw queryProblem('limit', quoted(limit), `a whole number of 1 to ${mostEndpoints}`);
  return value;
}
