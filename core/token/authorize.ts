import { defaultApplicationId } from '#core/application/application.ts';
import { isApplicationId } from '#core/id/ids.ts';
import type { Capability } from './capability.ts';
import { allApplications, type Scope, type TokenRecord } from './token.ts';

// Many exposed producers hold ingest tokens, so an ingest token can post events and read nothing.
const grants: Readonly<Record<Scope, readonly Scope[]>> = {
  admin: ['admin', 'manage', 'ingest', 'read'],
  manage: ['manage', 'read'],
  ingest: ['ingest'],
  read: ['read'],
};

/** Whether a token with these scopes may make a request that needs the scope `needed`. */
export function allows(granted: readonly Scope[], needed: Scope): boolean {
  return granted.some((scope) => grants[scope].includes(needed));
}

/**
 * Whether a portal token may make a request that needs the capability `needed`. A route without a capability is closed to
 * portals, so that a new route is closed by default.
 */
export function permits(granted: readonly Capability[], needed: Capability | undefined): boolean {
  return needed !== undefined && granted.includes(needed);
}

/** Whether a token may read the credentials of endpoints. Portal tokens need a capability for it. */
export function mayReadSecrets({ capabilities }: Pick<TokenRecord, 'capabilities'>): boolean {
  return capabilities === undefined || permits(capabilities, 'secrets:read');
}

/**
 * Whether a token may read the whole URL of an endpoint, which may hold a credential of the receiver: one that may change
 * the URL, or read secrets.
 */
export function mayReadUrls({ scopes, capabilities }: Pick<TokenRecord, 'scopes' | 'capabilities'>): boolean {
  if (capabilities === undefined) return allows(scopes, 'manage');
  return permits(capabilities, 'endpoints:write') || permits(capabilities, 'secrets:read');
}

/** The application of a request. `not-found` is answered like a missing resource, so that ids cannot be guessed. */
export type Resolved =
  | { readonly kind: 'application'; readonly applicationId: string }
  | { readonly kind: 'not-found' };

/**
 * The application of a request: the token's own, or for an operator's token the one that the header
 * `X-Hook0-Application` names, `default` when there is none.
 *
 * It does not check whether the application exists.
 */
export function resolveApplication(
  token: Pick<TokenRecord, 'applicationId'>,
  header: string | undefined,
): Resolved {
  if (token.applicationId === allApplications) {
    const named = header ?? defaultApplicationId;
    return isApplicationId(named) ? { kind: 'application', applicationId: named } : { kind: 'not-found' };
  }
  return header === undefined || header === token.applicationId
    ? { kind: 'application', applicationId: token.applicationId }
    : { kind: 'not-found' };
}
