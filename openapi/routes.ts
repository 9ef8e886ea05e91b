import type { QueryParameter } from '#adapters/http-api/query.ts';
import type { Capability } from '#core/token/capability.ts';
import type { Scope } from '#core/token/token.ts';
import { apiRoutes } from '#lambdas/api/api.ts';
import type { Method } from '#lambdas/api/http/route.ts';
import type { Services } from '#lambdas/api/services.ts';
import { ingestRoutes } from '#lambdas/ingest/routes.ts';

/** A route as a function declares it. */
export interface DescribedRoute {
  readonly method: Method;
  readonly path: string;
  readonly scope: Scope | 'none';
  /** What lets a portal token in. */
  readonly capability?: Capability;
  readonly query?: readonly (QueryParameter | string)[];
}

/** Stands for whatever is asked of it: tables of routes are made with ports, and these are never called. */
function nothing(): never {
  throw new Error('the routes are described here, not run');
}

/** Every route that the deployment answers, in the tables that the functions themselves use. */
export function allRoutes(): readonly DescribedRoute[] {
  const ports: Services = new Proxy(Object.create(null), { get: () => nothing });
  return [...apiRoutes(ports), ...ingestRoutes];
}
