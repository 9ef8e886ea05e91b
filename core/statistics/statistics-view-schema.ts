import * as z from 'zod/mini';
import { count, described, id, time } from '#core/validation/view-schemas.ts';

const milliseconds = () => z.nullable(z.number().check(z.gte(0)));

export const totalsSchema = z.strictObject({
  attempts: count(),
  successes: count(),
  failures: count(),
  successRate: described(
    z.nullable(z.number().check(z.gte(0), z.lte(1))),
    'Successes divided by attempts; null without attempts.',
  ),
  retries: described(
    z.record(z.string(), count()),
    'Attempts after the first of their generation, by attempt number.',
  ),
  settled: described(
    z.strictObject({
      succeeded: count(),
      cancelled: count(),
      dead: count(),
      deadByReason: z.record(z.string(), count()),
    }),
    'Deliveries that ended.',
  ),
  duration: described(
    z.strictObject({
      average: milliseconds(),
      p50: milliseconds(),
      p95: milliseconds(),
      p99: milliseconds(),
      buckets: described(
        z.array(z.strictObject({ atMost: z.nullable(count()), attempts: count() })),
        'Attempts that took at most atMost and longer than the previous bound. The last bucket has no bound.',
      ),
    }),
    'Milliseconds. Quantiles are estimates from the buckets; null without attempts.',
  ),
  lastSuccessAt: z.nullable(time()),
  lastFailureAt: z.nullable(time()),
});

const hour = {
  hour: described(time(), 'When it begins.'),
  attempts: count(),
  successes: count(),
  failures: count(),
  succeeded: count(),
  cancelled: count(),
  dead: count(),
};
export const hourSchema = z.strictObject(hour);

const bounds = {
  since: described(time(), 'When the first hour begins.'),
  until: described(time(), 'When the last hour ends.'),
};
const quiet = 'By hour, earliest first. Hours without counts are left out.';

export const endpointStatisticsSchema = z.strictObject({
  endpointId: id('endpoint'),
  ...bounds,
  totals: totalsSchema,
  series: described(z.array(hourSchema), quiet),
});

export const applicationStatisticsSchema = z.strictObject({
  applicationId: id('application'),
  events: described(count(), 'Accepted events.'),
  ...bounds,
  totals: totalsSchema,
  series: described(z.array(z.strictObject({ ...hour, events: count() })), quiet),
  topFailingEndpoints: described(
    z.array(z.strictObject({ endpointId: id('endpoint'), failures: count() })),
    'The endpoints with the most failures, at most 10.',
  ),
});
