import { type ApiOptions, apiRoutes } from '#lambdas/api/api.ts';
import { ingestRoutes } from '#lambdas/ingest/routes.ts';
import type { DescribedRoute } from './operation.ts';

/** Stands for whatever is asked of it: tables of routes are made with ports, and these are never called. */
function nothing(): never {
  throw new Error('the routes are described here, not run');
}

/** Every route that the deployment answers, in the tables that the functions themselves use. */
export function allRoutes(): readonly DescribedRoute[] {
  const ports: ApiOptions = new Proxy(Object.create(null), { get: () => nothing });
  return [...apiRoutes(ports), ...ingestRoutes];
}
