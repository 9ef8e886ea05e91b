import * as z from 'zod/mini';
import { scopes, type TokenRecord } from '../../../core/tenant/token.ts';
import { itemVersion } from './step.ts';
import type { RawItem } from './table.ts';

const schema = z.object({
  v: z.literal(itemVersion),
  id: z.string(),
  applicationId: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  createdAt: z.number(),
  expiresAt: z.optional(z.number()),
  /** SHA-256 of the token's text: leads from the list to the item that authenticates. */
  hash: z.string(),
});

export function tokenAttributes(record: TokenRecord, hash: string) {
  const { id, applicationId, name, scopes: granted, createdAt, expiresAt } = record;
  const ttl = expiresAt === undefined ? undefined : Math.ceil(expiresAt / 1_000);
  return { id, applicationId, name, scopes: [...granted], createdAt, expiresAt, hash, ttl };
}

export function parseToken(item: RawItem): { readonly record: TokenRecord; readonly hash: string } {
  const { id, applicationId, name, scopes: granted, createdAt, expiresAt, hash } = z.parse(schema, item);
  const record = { id, applicationId, name, scopes: granted, createdAt };
  return { record: expiresAt === undefined ? record : { ...record, expiresAt }, hash };
}
