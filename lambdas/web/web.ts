import type { ApiRoute } from '#adapters/http-api/route.ts';
import { createRouter } from '#adapters/http-api/router.ts';
import { healthRoutes } from './routes/health.ts';
import { referenceRoutes } from './routes/reference.ts';
import type { WebServices } from './services.ts';

/** Every route that needs no token. */
export const webRoutes = (services: WebServices): ApiRoute[] => [
  ...healthRoutes(services),
  ...referenceRoutes(services),
];

export function createWeb(services: WebServices) {
  const refuse = () => Promise.reject(new Error('the web function serves only routes without a token'));
  return createRouter({
    ...{ authenticate: refuse, countRequest: refuse, applicationExists: refuse },
    routes: webRoutes(services),
  });
}
