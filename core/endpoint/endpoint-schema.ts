import * as z from 'zod/mini';
import { priorities } from '#core/event/event.ts';
import { eventPatternProblem } from '#core/event/type-name.ts';
import { filterSchema } from '#core/filter/schema.ts';
import { checkDepth } from '#core/json/depth.ts';
import {
  checkEndpointHeaders,
  checkSignatureHeader,
  defaultSignatureHeader,
} from '#core/outbound/header-rules.ts';
import { checkTargetUrl, type TargetPolicy } from '#core/outbound/target-url.ts';
import { retryConfigSchema } from '#core/retry/retry-config-schema.ts';
import { hook0V1Headers, signatureSchemes } from '#core/signature/compat-v1.ts';
import { checkSecret } from '#core/signature/secret.ts';
import { fields, oneOf, text, whole, yesOrNo } from '#core/validation/schemas.ts';

export const endpointLimits = {
  events: 100,
  metadataBytes: 4 * 1024,
  metadataDepth: 5,
} as const;

/** `threshold`: different deliveries whose failures open a circuit. `timeout`: milliseconds that it stays open. */
const circuitDefaults = { enabled: true, threshold: 5, timeout: 60_000 } as const;

const defaultTimeout = 30_000;

/**
 * The schema of an endpoint, which adds defaults. It checks the whole endpoint, so that a PATCH has to be merged first.
 *
 * @param policy - the URLs that webhooks may go to.
 */
export function createEndpointSchema(policy: TargetPolicy) {
  return fields({
    name: text(1, 200),
    url: z.string('an absolute https URL').check(
      z.check(({ value, issues }) => {
        const check = checkTargetUrl(value, policy);
        if (!check.ok) issues.push({ code: 'custom', input: value, path: [], message: check.message });
      }),
    ),
    events: eventsSchema,
    headers: z._default(headersSchema, {}),
    timeout: z._default(whole(1_000, 30_000, 'milliseconds'), defaultTimeout),
    priority: z._default(oneOf(priorities), 'normal'),
    retryConfig: z._default(retryConfigSchema, 'standard'),
    circuitBreaker: z._default(circuitBreakerSchema, circuitDefaults),
    rateLimit: z.optional(fields({ perSecond: whole(1, 10_000) })),
    security: z._default(securitySchema, {
      signatureHeader: defaultSignatureHeader,
      signatureScheme: 'standard',
    }),
    filters: z.optional(filterSchema),
    metadata: z._default(metadataSchema, {}),
  }).check(
    z.check(({ value, issues }) => {
      const { signatureHeader, signatureScheme } = value.security;
      const own = signatureScheme === 'hook0-v1' ? hook0V1Headers : [];
      const check = checkSignatureHeader(signatureHeader, value.headers, own);
      if (check.ok) return;
      issues.push({
        code: 'custom',
        input: value,
        path: ['security', 'signatureHeader'],
        message: check.message,
      });
    }),
  );
}

export type EndpointInput = z.infer<ReturnType<typeof createEndpointSchema>>;

export const eventPatternSchema = z.string('an event pattern such as order.created, order.* or *').check(
  z.check(({ value, issues }) => {
    const message = eventPatternProblem(value);
    if (message !== undefined) issues.push({ code: 'custom', input: value, path: [], message });
  }),
);

const patterns = `an array of 1 to ${endpointLimits.events} event patterns, such as ["order.created", "order.*"] or ["*"]`;

const eventsSchema = z
  .array(eventPatternSchema, patterns)
  .check(z.minLength(1, patterns), z.maxLength(endpointLimits.events, patterns));

const headersSchema = z
  .record(z.string(), z.string('a string'), 'an object of header names and string values')
  .check(
    z.check((payload) => {
      const check = checkEndpointHeaders(payload.value);
      // Stored as they are sent to the endpoint: each name once, in lower case.
      if (check.ok) payload.value = { ...check.headers };
      else {
        const path = check.header === undefined ? [] : [check.header];
        payload.issues.push({ code: 'custom', input: payload.value, path, message: check.message });
      }
    }),
  );

const circuitBreakerSchema = fields({
  enabled: z._default(yesOrNo(), circuitDefaults.enabled),
  threshold: z._default(whole(1, 1_000, 'failures'), circuitDefaults.threshold),
  timeout: z._default(whole(1_000, 3_600_000, 'milliseconds'), circuitDefaults.timeout),
});

export const secretSchema = z.string('a string').check(
  z.check(({ value, issues }) => {
    const check = checkSecret(value);
    if (!check.ok) issues.push({ code: 'custom', input: undefined, path: [], message: check.message });
  }),
);

const securitySchema = fields({
  secret: z.optional(secretSchema),
  signatureHeader: z._default(z.string('a header name'), defaultSignatureHeader),
  signatureScheme: z._default(oneOf(signatureSchemes), 'standard'),
});

/** The metadata of an endpoint or application: an object of at most 4 KB as JSON and 5 levels. */
export const metadataSchema = z.record(z.string(), z.unknown(), 'an object').check(
  z.check(({ value, issues }) => {
    const written = JSON.stringify(value);
    const bytes = Buffer.byteLength(written);
    const report = (message: string) => issues.push({ code: 'custom', input: value, path: [], message });
    if (bytes > endpointLimits.metadataBytes) {
      report(`received ${bytes} bytes as JSON; accepted: at most ${endpointLimits.metadataBytes}`);
    } else if (!checkDepth(written, endpointLimits.metadataDepth)) {
      report(
        `received more than ${endpointLimits.metadataDepth} levels; accepted: at most ${endpointLimits.metadataDepth}`,
      );
    }
  }),
);
