import * as z from 'zod/mini';
import { circuitViewSchema } from '#core/circuit/circuit-view-schema.ts';
import { priorities } from '#core/event/event.ts';
import { groupSchema } from '#core/filter/schema.ts';
import type { RetryPolicy } from '#core/retry/retry-policy.ts';
import { strategies } from '#core/retry/retry-policy.ts';
import { signatureSchemes } from '#core/signature/compat-v1.ts';
import { count, described, freeObject, id, time } from '#core/validation/view-schemas.ts';

const policy = {
  maxAttempts: described(count(), 'The first attempt included.'),
  jitter: described(z.boolean(), 'Whether each wait is longer or shorter by up to 10 %.'),
  retryableStatuses: z.array(z.union([z.int(), z.enum(['4xx', '5xx'])])),
};
const wait = () => described(count(), 'Milliseconds.');

export const retryPolicySchema: z.ZodMiniType<RetryPolicy> = z.union([
  z.strictObject({ strategy: z.enum(strategies), ...policy, baseDelay: wait(), maxDelay: wait() }),
  z.strictObject({
    strategy: z.enum(['standard', 'custom']),
    ...policy,
    schedule: z.array(wait()),
  }),
]);

export const endpointViewSchema = z.strictObject({
  id: id('endpoint'),
  applicationId: id('application'),
  name: z.string(),
  url: z.string(),
  events: described(z.array(z.string()), 'Event types, beginnings of them such as order.*, or *.'),
  headers: described(
    z.record(z.string(), z.string()),
    'Sent with each attempt. Values that look like credentials are masked; a masked value that is sent back means unchanged.',
  ),
  timeout: described(count(), 'Milliseconds that an attempt may take.'),
  priority: z.enum(priorities),
  retryConfig: described(retryPolicySchema, 'What is in force, defaults included.'),
  circuitBreaker: z.strictObject({
    enabled: z.boolean(),
    threshold: described(count(), 'Failures in a row that open the circuit.'),
    timeout: described(count(), 'Milliseconds that it stays open before the first probe.'),
  }),
  circuit: circuitViewSchema,
  rateLimit: z.nullable(z.strictObject({ perSecond: count() })),
  security: z.strictObject({
    signatureHeader: described(z.string(), 'The header of the signature beside that of Standard Webhooks.'),
    signatureScheme: described(
      z.enum(signatureSchemes),
      'What that header holds: a hex HMAC-SHA256 of the body, or what receivers of the original Hook0 verify.',
    ),
  }),
  filters: z.nullable(groupSchema),
  metadata: described(freeObject(), 'Your own.'),
  status: described(
    z.enum(['active', 'paused', 'disabled']),
    'paused holds deliveries; disabled matches nothing.',
  ),
  statusReason: z.optional(described(z.string(), 'Why it is disabled, when the system did it.')),
  statusSince: time(),
  createdAt: time(),
  updatedAt: time(),
});

const secrets = {
  createdAt: described(time(), 'When the secret that signs first was made.'),
  previous: described(
    z.array(z.strictObject({ createdAt: time(), expiresAt: z.nullable(time()) })),
    'Secrets that sign as well until they end, the newest first.',
  ),
};

/** Secrets without their values. */
export const secretsViewSchema = z.strictObject(secrets);

export const secretViewSchema = z.strictObject({
  secret: described(z.string(), 'The newest signing secret.'),
  ...secrets,
});
