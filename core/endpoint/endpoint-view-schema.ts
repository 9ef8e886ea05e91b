import * as z from 'zod/mini';
import { circuitViewSchema } from '#core/circuit/circuit-view-schema.ts';
import { priorities } from '#core/event/event.ts';
import { groupSchema } from '#core/filter/schema.ts';
import type { RetryPolicy } from '#core/retry/retry-policy.ts';
import { strategies } from '#core/retry/retry-policy.ts';
import { signatureSchemes } from '#core/signature/compat-v1.ts';
import { count, described, freeObject, id, time } from '#core/validation/view-schemas.ts';

const policy = {
  maxAttempts: described(count(), 'Including the first attempt.'),
  jitter: described(z.boolean(), 'Whether each wait is changed at random by up to 10 %.'),
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
  events: described(z.array(z.string()), 'Event types, prefixes such as order.*, or *.'),
  headers: described(
    z.record(z.string(), z.string()),
    'Headers of each attempt. Values that look like credentials are masked. A masked value that is sent back means unchanged.',
  ),
  timeout: described(count(), 'Maximum duration of an attempt in milliseconds.'),
  priority: z.enum(priorities),
  retryConfig: described(retryPolicySchema, 'The retry policy with all defaults.'),
  circuitBreaker: z.strictObject({
    enabled: z.boolean(),
    threshold: described(count(), 'So many different deliveries that fail in a row open the circuit.'),
    timeout: described(count(), 'Milliseconds from the opening to the first probe.'),
  }),
  circuit: circuitViewSchema,
  rateLimit: z.nullable(z.strictObject({ perSecond: count() })),
  security: z.strictObject({
    signatureHeader: described(
      z.string(),
      'The header of the signature that is sent in addition to Standard Webhooks.',
    ),
    signatureScheme: described(
      z.enum(signatureSchemes),
      'The content of that header: standard is a hex HMAC-SHA256 of the body, hook0-v1 is the signature of the original Hook0.',
    ),
  }),
  filters: z.nullable(groupSchema),
  metadata: described(freeObject(), 'Any JSON that you set; filters may refer to it.'),
  status: described(
    z.enum(['active', 'paused', 'disabled']),
    'paused: deliveries are held. disabled: no event matches the endpoint.',
  ),
  statusReason: z.optional(described(z.string(), 'Why the system disabled it.')),
  statusSince: time(),
  createdAt: time(),
  updatedAt: time(),
});

const secrets = {
  createdAt: described(time(), 'When the current secret was created.'),
  previous: described(
    z.array(z.strictObject({ createdAt: time(), expiresAt: z.nullable(time()) })),
    'Previous secrets that still sign, newest first.',
  ),
};

/** Secrets without their values. */
export const secretsViewSchema = z.strictObject(secrets);

export const secretViewSchema = z.strictObject({
  secret: described(z.string(), 'The current signing secret.'),
  ...secrets,
});
