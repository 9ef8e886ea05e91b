import * as z from 'zod/mini';
import type { RawItem } from '#adapters/dynamodb/table/config-table.ts';
import { filterText, objectText, textsText } from '#adapters/dynamodb/table/json-attribute.ts';
import { itemVersion } from '#adapters/dynamodb/table/table.ts';
import type { Endpoint } from '#core/endpoint/endpoint.ts';
import { priorities } from '#core/event/event.ts';
import { strategies } from '#core/retry/retry-policy.ts';
import { signatureSchemes } from '#core/signature/compat-v1.ts';

const retryConfig = z.union([
  z.literal('standard'),
  z.object({
    maxAttempts: z.optional(z.number()),
    strategy: z.optional(z.enum([...strategies, 'custom'])),
    baseDelay: z.optional(z.number()),
    maxDelay: z.optional(z.number()),
    jitter: z.optional(z.boolean()),
    schedule: z.optional(z.array(z.number())),
    retryableStatuses: z.optional(z.array(z.union([z.number(), z.literal(['4xx', '5xx'])]))),
  }),
]);

const schema = z.object({
  v: z.literal(itemVersion),
  id: z.string(),
  applicationId: z.string(),
  name: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  headers: textsText,
  timeout: z.number(),
  priority: z.enum(priorities),
  retryConfig,
  circuitBreaker: z.object({ enabled: z.boolean(), threshold: z.number(), timeout: z.number() }),
  rateLimit: z.optional(z.object({ perSecond: z.number() })),
  secrets: z.array(z.object({ value: z.string(), createdAt: z.number(), expiresAt: z.optional(z.number()) })),
  signatureHeader: z.string(),
  signatureScheme: z.optional(z.enum(signatureSchemes)),
  filters: z.optional(filterText),
  filterCost: z.optional(z.object({ fixed: z.number(), perCharacter: z.number(), preparation: z.number() })),
  metadata: objectText,
  createdAt: z.number(),
  updatedAt: z.number(),
  revision: z.number(),
  routed: z.optional(z.string()),
});

export interface ConfigItem {
  readonly endpoint: Endpoint;
  /** Grows with each write and is its condition. */
  readonly revision: number;
  /** A hash of the route in the newest change of the log; absent while the endpoint is not routed. */
  readonly routed?: string | undefined;
}

export function configAttributes({ endpoint, revision, routed }: ConfigItem) {
  const { headers, filters, metadata } = endpoint;
  return {
    ...endpoint,
    headers: JSON.stringify(headers),
    filters: filters === undefined ? undefined : JSON.stringify(filters),
    metadata: JSON.stringify(metadata),
    revision,
    routed,
  };
}

export function parseConfig(item: RawItem): ConfigItem {
  const { v, revision, routed, ...endpoint } = z.parse(schema, item);
  return { endpoint, revision, routed };
}
