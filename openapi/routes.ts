import type { RequiredScope } from '#adapters/http-api/auth.ts';
import type { QueryParameter } from '#adapters/http-api/query.ts';
import type { Method } from '#adapters/http-api/route.ts';
import type { Capability } from '#core/token/capability.ts';
import { apiRoutes } from '#lambdas/api/api.ts';
import type { Services } from '#lambdas/api/services.ts';
import { ingestRoutes } from '#lambdas/ingest/routes.ts';
import type { WebServices } from '#lambdas/web/services.ts';
import { webRoutes } from '#lambdas/web/web.ts';

/** A route as a function declares it. */
export interface DescribedRoute {
  readonly method: Method;
  readonly path: string;
  readonly scope: RequiredScope | 'none';
  /** The capability that a portal token needs. */
  readonly capability?: Capability;
  readonly query?: readonly (QueryParameter | string)[];
  /** Events are counted, and requests are not. @default false */
  readonly postsEvents?: boolean;
}

/** Stands for every service. The tables of routes are made with services, but the services are not called. */
function unavailable(): never {
  throw new Error('routes are only described here, so no service may be called');
}

/** Every route of the deployment, from the tables of the functions. */
export function allRoutes(): readonly DescribedRoute[] {
  const services: Services & WebServices = new Proxy(Object.create(null), { get: () => unavailable });
  const posting = ingestRoutes.map((one) => ({ ...one, postsEvents: true }));
  return [...webRoutes(services), ...apiRoutes(services), ...posting];
}
