import { createAuthenticate } from '#adapters/http-api/auth.ts';
import type { ApiRoute } from '#adapters/http-api/route.ts';
import { createRouter } from '#adapters/http-api/router.ts';
import { applicationRoutes } from './routes/applications.ts';
import { circuitRoutes } from './routes/circuit.ts';
import { v1EventTypeRoutes } from './routes/compat-v1-event-types.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { endpointSecretRoutes } from './routes/endpoint-secrets.ts';
import { endpointTestRoutes } from './routes/endpoint-test.ts';
import { endpointRoutes } from './routes/endpoints.ts';
import { eventTypeRoutes } from './routes/event-types.ts';
import { eventRoutes } from './routes/events.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { portalTokenRoutes } from './routes/portal-tokens.ts';
import { statisticsRoutes } from './routes/statistics.ts';
import { taskRoutes } from './routes/tasks.ts';
import { tokenRoutes } from './routes/tokens.ts';
import type { Services } from './services.ts';

/** Every route of this function, for the router, the access tests and the OpenAPI document. */
export const apiRoutes = (services: Services): ApiRoute[] => [
  ...applicationRoutes(services),
  ...tokenRoutes(services),
  ...portalTokenRoutes(services),
  ...endpointRoutes(services),
  ...endpointSecretRoutes(services),
  ...endpointTestRoutes(services),
  ...circuitRoutes(services),
  ...eventTypeRoutes(services),
  ...v1EventTypeRoutes(services),
  ...eventRoutes(services),
  ...deliveryRoutes(services),
  ...taskRoutes(services),
  ...statisticsRoutes(services),
  ...metricsRoutes(services),
];

export function createApi(services: Services) {
  const { applications, tokens, now, tokenUsed, countRequest } = services;
  return createRouter({
    authenticate: createAuthenticate({ tokens, now, used: tokenUsed }),
    countRequest,
    applicationExists: async (id) => (await applications.get(id)) !== undefined,
    // The ingest function serves these, and `allow` has to name them as well.
    servedElsewhere: { '/api/events': ['POST'], '/api/events/batch': ['POST'], '/api/v1/event': ['POST'] },
    routes: apiRoutes(services),
  });
}
