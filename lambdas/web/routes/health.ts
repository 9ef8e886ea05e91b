import type { Operations } from '#adapters/http-api/operation.ts';
import { json } from '#adapters/http-api/response.ts';
import { type ApiRoute, publicRoute } from '#adapters/http-api/route.ts';
import { defaultApplicationId } from '#core/application/application.ts';
import { iso } from '#core/validation/instant.ts';
import type { WebServices } from '../services.ts';

export function healthRoutes(
  services: Pick<WebServices, 'application' | 'onUnhealthy' | 'version' | 'now'>,
): ApiRoute[] {
  const { application, onUnhealthy, version, now } = services;

  /** A cheap read of the table that every request depends on. */
  async function probe(): Promise<void> {
    if ((await application(defaultApplicationId)) !== undefined) return;
    const name = JSON.stringify(defaultApplicationId);
    throw new Error(
      `the application ${name} is missing, which the deployment creates; create it by POST /api/applications`,
    );
  }

  return [
    publicRoute({
      method: 'GET',
      path: '/health',
      scope: 'none',
      async handle() {
        const about = { version, timestamp: iso(now()) };
        try {
          await probe();
        } catch (error) {
          onUnhealthy(error);
          return json(503, { status: 'unhealthy', ...about }, { 'retry-after': '5' });
        }
        return json(200, { status: 'healthy', ...about });
      },
    }),
  ];
}

/** What the OpenAPI document says about these routes. No function imports it. */
export const healthOperations = {
  'GET /health': {
    id: 'getHealth',
    summary: 'Check the health of the deployment',
    description: 'Needs no token.',
    answers: [
      { status: 200, description: 'Healthy.', schema: 'Health' },
      {
        status: 503,
        description: 'Unhealthy: a service that every request needs is unavailable.',
        schema: 'Health',
        headers: ['retry-after'],
      },
    ],
  },
} as const satisfies Operations;
