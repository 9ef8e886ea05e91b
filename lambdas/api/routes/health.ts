import type { Operations } from '#adapters/http-api/operation.ts';
import { json } from '#adapters/http-api/response.ts';
import { publicRoute, type Route } from '../http/route.ts';

export interface HealthRoutesOptions {
  readonly version: string;
  readonly now: () => number;
  /** A cheap read of what everything depends on; rejects when that is away or not as it must be. */
  readonly probe: () => Promise<void>;
  readonly onUnhealthy: (error: unknown) => void;
}

export function healthRoutes({ version, now, probe, onUnhealthy }: HealthRoutesOptions): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/health',
      scope: 'none',
      async handle() {
        const about = { version, timestamp: new Date(now()).toISOString() };
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
    tag: 'service',
    summary: 'Whether the deployment works',
    answers: [
      { status: 200, description: 'It does.', schema: 'Health' },
      {
        status: 503,
        description: 'What everything depends on is away.',
        schema: 'Health',
        headers: ['retry-after'],
      },
    ],
  },
} as const satisfies Operations;
