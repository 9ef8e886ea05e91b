import type { TokenRecord } from '#core/token/token.ts';

const iso = (time: number): string => new Date(time).toISOString();

/** A token as the API shows it: never its text. Times are ISO 8601. */
export function tokenView(record: TokenRecord) {
  const { id, applicationId, name, scopes, createdAt, expiresAt, rateLimit, capabilities, lastUsedAt } =
    record;
  return {
    ...{ id, applicationId, name },
    ...(capabilities === undefined ? { scopes } : { kind: 'portal', capabilities }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
    createdAt: iso(createdAt),
    ...(expiresAt === undefined ? {} : { expiresAt: iso(expiresAt) }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt: iso(lastUsedAt) }),
  };
}
