import type { Operations } from '#adapters/http-api/operation.ts';
import { type Query, queryProblem, quoted, timeParameter } from '#adapters/http-api/query.ts';
import { json } from '#adapters/http-api/response.ts';
import { type ApiRoute, route } from '#adapters/http-api/route.ts';
import type { Subject } from '#core/statistics/contribution.ts';
import { hourMs, hourOf } from '#core/statistics/hour.ts';
import {
  applicationStatisticsView,
  endpointStatisticsView,
  type Period,
} from '#core/statistics/statistics-view.ts';
import { iso } from '#core/validation/instant.ts';
import { loadOutline } from '../http/found.ts';
import type { Services } from '../services.ts';

const day = 24 * hourMs;
const longest = 31 * day;

const sinceParameter = timeParameter(
  'since',
  'A time in the first hour. Default: a day before until; at most 31 days before it.',
);
const untilParameter = timeParameter('until', 'A time in the last hour. Default: now.');
const periodParameters = [sinceParameter, untilParameter] as const;

export function statisticsRoutes(services: Pick<Services, 'endpoints' | 'statistics' | 'now'>): ApiRoute[] {
  const { statistics, now } = services;

  async function read(subject: Subject, query: Query): Promise<Period> {
    const period = readPeriod(query, now());
    return { ...period, hours: await statistics.hours(subject, period.since, period.until) };
  }

  return [
    route({
      method: 'GET',
      path: '/api/endpoints/{endpointId}/stats',
      scope: 'read',
      capability: 'deliveries:read',
      query: periodParameters,
      async handle({ params: { endpointId }, query, caller: { applicationId } }) {
        await loadOutline(services, applicationId, endpointId);
        const period = await read({ kind: 'endpoint', endpointId }, query);
        return json(200, endpointStatisticsView(endpointId, period));
      },
    }),
    route({
      method: 'GET',
      path: '/api/stats',
      scope: 'read',
      capability: 'deliveries:read',
      query: periodParameters,
      async handle({ query, caller: { applicationId } }) {
        const period = await read({ kind: 'application', applicationId }, query);
        return json(200, applicationStatisticsView(applicationId, period));
      },
    }),
  ];
}

/** The whole hours that cover the requested period. Default: the last 24 hours and the current one. */
function readPeriod(query: Query, now: number): Pick<Period, 'since' | 'until'> {
  const until = withinReach(untilParameter.read(query) ?? now);
  const given = sinceParameter.read(query);
  const since = given === undefined ? until - day : withinReach(given);
  if (since >= until) {
    throw queryProblem('since', quoted(query.since ?? ''), `a time before until, ${iso(until)}`);
  }
  if (until - since > longest) {
    throw queryProblem('since', quoted(query.since ?? ''), `at most 31 days before until, ${iso(until)}`);
  }
  return { since: hourOf(since), until: hourOf(until - 1) + hourMs };
}

// The hours around a time and the day before it must also have years of four digits.
const earliest = Date.parse('0001-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:00:00Z');
const withinReach = (time: number): number => Math.min(Math.max(time, earliest), latest);

/** What the OpenAPI document says about these routes. No function imports it. */
export const statisticsOperations = {
  'GET /api/endpoints/{endpointId}/stats': {
    id: 'getEndpointStats',
    summary: 'Get the statistics of an endpoint',
    description: 'By hour. The counts are one to two minutes old.',
    answers: [{ status: 200, description: 'The statistics.', schema: 'EndpointStats' }],
  },
  'GET /api/stats': {
    id: 'getStats',
    summary: 'Get the statistics of an application',
    description: 'By hour. The counts are one to two minutes old.',
    answers: [{ status: 200, description: 'The statistics.', schema: 'ApplicationStats' }],
  },
} as const satisfies Operations;
