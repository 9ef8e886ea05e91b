import * as z from 'zod/mini';
import { described, id } from '#core/validation/view-schemas.ts';

const endpoint = id('endpoint');

const family = (
  type: 'counter' | 'gauge' | 'histogram',
  labels: Readonly<Record<string, z.ZodMiniType>>,
  more: Readonly<Record<string, z.ZodMiniType>> = {},
) =>
  z.optional(
    z.strictObject({
      type: z.literal(type),
      help: z.string(),
      samples: z.array(
        z.strictObject({ ...more, labels: z.strictObject(labels), value: z.number().check(z.gte(0)) }),
      ),
    }),
  );

/** The answer of `GET /api/metrics`. A family without a sample is left out. */
export const metricsViewSchema = z.strictObject({
  metrics: z.strictObject({
    hook0_events_received_total: family('counter', { event_type: z.string(), source: z.string() }),
    hook0_webhooks_sent_total: family('counter', { endpoint, status: z.enum(['success', 'failure']) }),
    hook0_webhook_duration_seconds: family(
      'histogram',
      { endpoint, le: z.optional(z.string()) },
      {
        name: z.enum(
          ['bucket', 'sum', 'count'].map((suffix) => `hook0_webhook_duration_seconds_${suffix}` as const),
        ),
      },
    ),
    hook0_queue_size: family('gauge', { queue_name: z.string() }),
    hook0_retry_attempts_total: family('counter', { endpoint, attempt_number: z.string() }),
    hook0_circuit_breaker_state: described(family('gauge', { endpoint }), '0 closed, 1 open, 2 half-open.'),
  }),
  after: described(
    z.nullable(id('endpoint')),
    'Pass it as after to get the next endpoints; null on the last page.',
  ),
});
