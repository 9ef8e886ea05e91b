import { hopHeader, readHops } from '#core/hop/hop.ts';
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

/** The token of a request, and the application that the request is for. */
export interface Caller {
  readonly applicationId: string;
  readonly token: TokenRecord;
  /** Whether the token is for all applications. */
  readonly isOperator: boolean;
  /** How many webhooks led to the request; 0 for one that no webhook brought. */
  readonly hops: number;
}

/** What a token must have: a scope, or nothing but its validity, so that portal tokens are accepted as well. */
export type RequiredScope = Scope | 'any';

/**
 * Checks the token and its scope, or the capability of a portal token, and refuses what too many webhooks led to.
 *
 * @throws Problem: token_missing, token_invalid (401), scope_missing, capability_missing (403), invalid_header (400), not_found (404), loop_detected (508)
 */
export type Authenticate = (
  request: Pick<HttpRequest, 'headers'>,
  requiredScope: RequiredScope,
  capability?: Capability,
) => Promise<Caller>;

// The use of a token is written once an hour, or a few times if several instances see it first.
const usedAgain = 60 * 60 * 1_000;

const invalidToken =
  'the token is unknown, mistyped, expired or revoked; an operator makes tokens with POST /api/tokens';

export const applicationHeader = 'x-hook0-application';

/**
 * Checks bearer tokens (RFC 6750). It caches found tokens for 60 s, so a revoked token stops working within a minute.
 *
 * It does not check whether the application that an operator names exists.
 */
export function createAuthenticate({
  tokens,
  now,
  used = () => undefined,
}: {
  readonly tokens: TokenSource;
  readonly now: () => number;
  /** Called about once an hour while a token is used. Its result is not awaited, and it must not throw. */
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
    // The checksum spares the table a read for a mistyped token.
    const token = isMistypedToken(text) ? undefined : await cache.find(hashToken(text), now());
    if (token === undefined) throw unauthorized('token_invalid', invalidToken);
    if (requiredScope !== 'any') requireGrant(token, requiredScope, capability);
    const hops = readHops(headers[hopHeader.toLowerCase()]);
    return { ...applicationOf(token, headers[applicationHeader]), token, hops };
  };
}

/**
 * Checks a capability that only some bodies of a route need. Tokens with scopes need none.
 *
 * @throws Problem capability_missing, for the field
 */
export function requireCapabilityFor({ token }: Caller, field: string, needed: Capability): void {
  if (token.capabilities !== undefined) requireCapability(token.capabilities, needed, field);
}

/**
 * Checks a scope that only some bodies of a route need. Portal tokens have no scopes.
 *
 * @throws Problem scope_missing, for the field
 */
export function requireScopeFor({ token }: Pick<Caller, 'token'>, field: string, needed: Scope): void {
  const { scopes, capabilities } = token;
  if (capabilities === undefined && allows(scopes, needed)) return;
  const has =
    capabilities === undefined ? scopes.join(', ') || 'none' : 'no scopes, because it is for a portal';
  throw new Problem('scope_missing', {
    detail: `${field} needs the scope ${needed}; the token has ${has}`,
    field,
    accepted: `a token with the scope ${needed}, or no ${field}`,
    headers: { 'www-authenticate': `${challenge}, error="insufficient_scope", scope="${needed}"` },
  });
}

function requireGrant({ scopes, capabilities }: TokenRecord, needed: Scope, capability?: Capability): void {
  if (capabilities !== undefined) {
    requireCapability(capabilities, capability);
    return;
  }
  if (allows(scopes, needed)) return;
  throw new Problem('scope_missing', {
    detail: `the request needs the scope ${needed}; the token has ${scopes.join(', ') || 'none'}`,
    accepted: `a token with the scope ${needed}`,
    headers: { 'www-authenticate': `${challenge}, error="insufficient_scope", scope="${needed}"` },
  });
}

function requireCapability(
  granted: readonly Capability[],
  needed: Capability | undefined,
  field?: string,
): void {
  if (permits(granted, needed)) return;
  const has = `the portal token has ${granted.join(', ')}`;
  if (needed === undefined) {
    throw new Problem('capability_missing', {
      detail: `portal tokens cannot use this path; ${has}`,
      accepted: 'a token with scopes',
    });
  }
  throw new Problem('capability_missing', {
    detail: `${field ?? 'the request'} needs the capability ${needed}; ${has}`,
    field,
    accepted: `a portal token with the capability ${needed}`,
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
  // RFC 6750, section 3.1: a request without a token gets no error code.
  const error = code === 'token_missing' ? '' : ', error="invalid_token"';
  return new Problem(code, {
    detail,
    field: 'authorization',
    accepted: 'Authorization: Bearer hk0_…',
    headers: { 'www-authenticate': `${challenge}${error}` },
  });
}

function applicationOf(token: TokenRecord, header: string | undefined): Omit<Caller, 'token' | 'hops'> {
  const isOperator = token.applicationId === allApplications;
  if (isOperator && header !== undefined && !isApplicationId(header)) {
    const accepted = 'an application id: 1 to 64 of a-z 0-9 _ -, starting with a letter or digit';
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
