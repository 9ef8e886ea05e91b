import * as z from 'zod/mini';
import type { RawItem } from '#adapters/dynamodb/table/config-table.ts';
import { filterText, objectText } from '#adapters/dynamodb/table/json-attribute.ts';
import { itemVersion } from '#adapters/dynamodb/table/table.ts';
import type { EndpointOutline } from '#core/endpoint/endpoint.ts';
import { priorities } from '#core/event/event.ts';
import { strategies } from '#core/retry/retry-policy.ts';
import { signatureSchemes } from '#core/signature/compat-v1.ts';
import {
  attributesOf,
  credentialAttributes,
  type StoredCredentials,
  storedCredentials,
} from './stored-credentials.ts';

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
  timeout: z.number(),
  priority: z.enum(priorities),
  retryConfig,
  circuitBreaker: z.object({ enabled: z.boolean(), threshold: z.number(), timeout: z.number() }),
  rateLimit: z.optional(z.object({ perSecond: z.number() })),
  signatureHeader: z.string(),
  signatureScheme: z.optional(z.enum(signatureSchemes)),
  filters: z.optional(filterText),
  filterCost: z.optional(z.object({ fixed: z.number(), perCharacter: z.number(), preparation: z.number() })),
  metadata: objectText,
  createdAt: z.number(),
  updatedAt: z.number(),
  revision: z.number(),
  routed: z.optional(z.string()),
  ...credentialAttributes,
});

export interface ConfigItem {
  readonly endpoint: EndpointOutline;
  readonly credentials: StoredCredentials;
  /** Grows with each write and is its condition. */
  readonly revision: number;
  /** A hash of the route in the newest change of the log; absent while the endpoint is not routed. */
  readonly routed?: string | undefined;
}

export function configAttributes({ endpoint, credentials, revision, routed }: ConfigItem) {
  const { filters, metadata } = endpoint;
  return {
    ...endpoint,
    ...attributesOf(credentials),
    filters: filters === undefined ? undefined : JSON.stringify(filters),
    metadata: JSON.stringify(metadata),
    revision,
    routed,
  };
}

export function parseConfig(item: RawItem): ConfigItem {
  const { v, revision, routed, headers, secrets, dataKey, encrypted, ...endpoint } = z.parse(schema, item);
  return {
    endpoint,
    credentials: storedCredentials({ headers, secrets, dataKey, encrypted }),
    revision,
    routed,
  };
}
