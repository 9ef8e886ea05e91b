import { isApplicationId } from '#core/id/ids.ts';
import { notFound, Problem } from '#core/problem/problem.ts';
import { allows, permits, resolveApplication } from '#core/token/authorize.ts';
import type { Capability } from '#core/token/capability.ts';
import {
  allApplications,
  hashToken,
  isMistypedToken,
  type Scope,
  type TokenRecord,
} from '#core/token/token.ts';
import { createTokenCache, type TokenSource } from '#core/token/token-cache.ts';
import type { HttpRequest } from './request.ts';

/** Who asks, and for which application. */
export interface Caller {
  readonly applicationId: string;
  readonly token: TokenRecord;
  /** The token is for all applications. */
  readonly isOperator: boolean;
}

/**
 * Checks the token, its scope, and for portal tokens the capability in the scope's place.
 *
 * @throws Problem: token_missing, token_invalid (401), scope_missing, capability_missing (403), invalid_header (400), not_found (404)
 */
export type Authenticate = (
  request: Pick<HttpRequest, 'headers'>,
  requiredScope: Scope,
  capability?: Capability,
) => Promise<Caller>;

// One write an hour and token, or a few where several functions see it first.
const usedAgain = 60 * 60 * 1_000;

export const applicationHeader = 'x-hook0-application';

/**
 * Checks bearer tokens (RFC 6750). Found tokens are remembered for 60 s, so a revoked one dies within a minute.
 *
 * Whether the application that an operator names exists is left to whoever reads it.
 */
export function createAuthenticate({
  tokens,
  now,
  used = () => undefined,
}: {
  readonly tokens: TokenSource;
  readonly now: () => number;
  /** Notes that a token is in use, about once an hour. Nobody waits for it, and it must not throw. */
  readonly used?: (hash: string, at: number) => void;
}): Authenticate {
  const cache = createTokenCache({
    source: tokens,
    onFound: (hash, { lastUsedAt }, at) => {
      if (lastUsedAt === undefined || at - lastUsedAt >= usedAgain) used(hash, at);
    },
  });

  return async ({ headers }, requiredScope, capability) => {
    const text = bearerToken(headers.authorization);
    // The checksum spares the table what was mistyped.
    const token = isMistypedToken(text) ? undefined : await cache.find(hashToken(text), now());
    if (token === undefined) throw unauthorized('token_invalid', 'the token is unknown, expired or mistyped');
    if (token.capabilities !== undefined) requireCapability(token.capabilities, capability);
    else if (!allows(token.scopes, requiredScope)) {
      throw new Problem('scope_missing', {
        detail: `this needs the scope ${requiredScope}; the token has ${token.scopes.join(', ') || 'none'}`,
        accepted: `a token with the scope ${requiredScope}`,
        headers: { 'www-authenticate': `${challenge}, error="insufficient_scope", scope="${requiredScope}"` },
      });
    }
    return { ...applicationOf(token, headers[applicationHeader]), token };
  };
}

/**
 * Checks what only some bodies of a route ask for; tokens with scopes have it by the route's.
 *
 * @throws Problem capability_missing, for the field
 */
export function requireCapabilityFor({ token }: Caller, field: string, needed: Capability): void {
  if (token.capabilities !== undefined) requireCapability(token.capabilities, needed, field);
}

function requireCapability(
  granted: readonly Capability[],
  needed: Capability | undefined,
  field?: string,
): void {
  if (permits(granted, needed)) return;
  const has = `the portal token has ${granted.join(', ')}`;
  throw new Problem('capability_missing', {
    detail:
      needed === undefined
        ? `this is not for portal tokens; ${has}`
        : `${field ?? 'this'} needs the capability ${needed}; ${has}`,
    ...(field === undefined ? {} : { field }),
    accepted:
      needed === undefined
        ? 'a token that is no portal token'
        : `a portal token with the capability ${needed}`,
  });
}

const challenge = 'Bearer realm="hook0"';

function bearerToken(header: string | undefined): string {
  if (header === undefined || header.trim() === '') {
    throw unauthorized('token_missing', 'the request has no Authorization header');
  }
  const [, text] = /^Bearer +(\S+)$/i.exec(header.trim()) ?? [];
  if (text === undefined)
    throw unauthorized('token_invalid', 'the Authorization header is not "Bearer <token>"');
  return text;
}

function unauthorized(code: 'token_missing' | 'token_invalid', detail: string): Problem {
  // RFC 6750, section 3.1: no error code for a request that brought no token.
  const error = code === 'token_missing' ? '' : ', error="invalid_token"';
  return new Problem(code, {
    detail,
    field: 'authorization',
    accepted: 'Authorization: Bearer hk0_…',
    headers: { 'www-authenticate': `${challenge}${error}` },
  });
}

function applicationOf(token: TokenRecord, header: string | undefined): Omit<Caller, 'token'> {
  const isOperator = token.applicationId === allApplications;
  if (isOperator && header !== undefined && !isApplicationId(header)) {
    const accepted = 'an application id: a-z 0-9 _ -, at most 64, the first a letter or digit';
    throw new Problem('invalid_header', {
      detail: `${applicationHeader}: received ${JSON.stringify(header.slice(0, 64))}; accepted: ${accepted}`,
      field: applicationHeader,
      accepted,
    });
  }
  const resolved = resolveApplication(token, header);
  if (resolved.kind === 'not-found') throw notFound('application', header ?? '');
  return { applicationId: resolved.applicationId, isOperator };
}
