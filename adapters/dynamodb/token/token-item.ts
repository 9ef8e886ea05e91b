import * as z from 'zod/mini';
import type { RawItem } from '#adapters/dynamodb/table/config-table.ts';
import { itemVersion } from '#adapters/dynamodb/table/table.ts';
import { capabilities } from '#core/token/capability.ts';
import { scopes, type TokenRecord } from '#core/token/token.ts';

const schema = z.object({
  v: z.literal(itemVersion),
  id: z.string(),
  applicationId: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  createdAt: z.number(),
  expiresAt: z.optional(z.number()),
  rateLimit: z.optional(z.object({ perSecond: z.number() })),
  capabilities: z.optional(z.array(z.enum(capabilities))),
  /** Only in the item that authenticates, so that a use does not write to the list. */
  lastUsedAt: z.optional(z.number()),
  /** SHA-256 of the token's text: leads from the list to the item that authenticates. */
  hash: z.string(),
});

export function tokenAttributes(record: TokenRecord, hash: string) {
  const { scopes: granted, capabilities: permitted, rateLimit, lastUsedAt, ...rest } = record;
  return {
    ...rest,
    // Always a key, so that an update removes the attribute.
    expiresAt: record.expiresAt,
    scopes: [...granted],
    capabilities: permitted && [...permitted],
    rateLimit: rateLimit && { ...rateLimit },
    hash,
    ttl: ttlOf(record),
  };
}

/** When its items expire, in epoch seconds. */
const ttlOf = ({ expiresAt }: Pick<TokenRecord, 'expiresAt'>): number | undefined =>
  expiresAt === undefined ? undefined : Math.ceil(expiresAt / 1_000);

export function parseToken(item: RawItem): { readonly record: TokenRecord; readonly hash: string } {
  const { v, hash, ...record } = z.parse(schema, item);
  return { record, hash };
}
