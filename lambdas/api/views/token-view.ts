import type { TokenRecord } from '#core/token/token.ts';
import { iso } from '#core/validation/instant.ts';
import type { ViewOf } from '#core/validation/view-schemas.ts';
import type { tokenViewSchema } from './application-and-token-view-schemas.ts';

/** A token as the API shows it, without its text. */
export function tokenView(record: TokenRecord): ViewOf<typeof tokenViewSchema> {
  const { id, applicationId, name, scopes, createdAt, expiresAt, rateLimit, capabilities, lastUsedAt } =
    record;
  const grants = capabilities === undefined ? { scopes } : { kind: 'portal' as const, capabilities };
  return {
    id,
    applicationId,
    name,
    ...grants,
    rateLimit,
    createdAt: iso(createdAt),
    expiresAt: expiresAt === undefined ? undefined : iso(expiresAt),
    lastUsedAt: lastUsedAt === undefined ? undefined : iso(lastUsedAt),
  };
}
