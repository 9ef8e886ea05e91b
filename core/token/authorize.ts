import { defaultApplicationId } from '#core/application/application.ts';
import { isApplicationId } from '#core/id/ids.ts';
import type { Capability } from './capability.ts';
import { allApplications, type Scope, type TokenRecord } from './token.ts';

// An ingest token lies in producers, many and exposed: it can post events and learn nothing.
const grants: Readonly<Record<Scope, readonly Scope[]>> = {
  admin: ['admin', 'manage', 'ingest', 'read'],
  manage: ['manage', 'read'],
  ingest: ['ingest'],
  read: ['read'],
};

/** Whether a token with these scopes may do what asks for `needed`. */
export function allows(granted: readonly Scope[], needed: Scope): boolean {
  return granted.some((scope) => grants[scope].includes(needed));
}

/**
 * Whether a portal token may do what asks for `needed`. What asks for no capability is not for portals: a route that
 * nobody thought of is closed to them.
 */
export function permits(granted: readonly Capability[], needed: Capability | undefined): boolean {
  return needed !== undefined && granted.includes(needed);
}

/** Whether a token may learn what endpoints are sent with: portal tokens need the capability for it. */
export function mayReadSecrets({ capabilities }: Pick<TokenRecord, 'capabilities'>): boolean {
  return capabilities === undefined || permits(capabilities, 'secrets:read');
}

/** Whose request it is. `not-found` is answered like any missing thing, so that nobody can ask which ids exist. */
export type Resolved =
  | { readonly kind: 'application'; readonly applicationId: string }
  | { readonly kind: 'not-found' };

/**
 * The application of a request: the token's own, or for an operator's token the one that the header
 * `X-Hook0-Application` names, `default` when there is none.
 *
 * Whether the named application exists is left to whoever reads it.
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
