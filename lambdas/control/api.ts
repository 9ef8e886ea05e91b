import type { ReleasePorts } from '../core/delivery/release.ts';
import type { EndpointRecord } from '../core/endpoint/endpoint.ts';
import { createEndpointInputs } from '../core/endpoint/endpoint-input.ts';
import type { RegexEngine } from '../core/filters/compile.ts';
import type { Ids } from '../core/ids.ts';
import { generateSecret } from '../core/signature/secret.ts';
import type { TargetPolicy } from '../core/target/target-url.ts';
import { defaultApplicationId } from '../core/tenant/application.ts';
import { makeToken, tokenRandomBytes } from '../core/tenant/token.ts';
import type { TokenSource } from '../core/tenant/token-cache.ts';
import { createAuthenticate } from '../runtime/http/auth.ts';
import { createEventDeliveries } from './event-deliveries.ts';
import type { Applications, Deliveries, Endpoints, Events, Tasks, Tokens } from './ports.ts';
import { orUnavailable } from './queue-trouble.ts';
import { createRetry } from './retry.ts';
import type { Route } from './route.ts';
import { createRouter } from './router.ts';
import { applicationRoutes } from './routes/applications.ts';
import { circuitRoutes } from './routes/circuit.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { endpointRoutes } from './routes/endpoints.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { referenceRoutes } from './routes/reference.ts';
import { taskRoutes } from './routes/tasks.ts';
import { tokenRoutes } from './routes/tokens.ts';

export interface ControlApiOptions {
  readonly applications: Applications;
  readonly endpoints: Endpoints;
  readonly tokens: Tokens & TokenSource;
  readonly events: Events;
  readonly deliveries: Deliveries;
  readonly tasks: Tasks;
  /** Queues a wake-up of a delivery; rejects when it is refused. */
  readonly wake: ReleasePorts['wake'];
  readonly ids: Pick<Ids, 'endpoint' | 'token' | 'task'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Bytes of a cryptographic source. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly targetPolicy: TargetPolicy;
  readonly loadRegex: () => Promise<RegexEngine>;
  /** See `EndpointRoutesOptions.drain`. */
  readonly drain: (endpoint: { applicationId: string; endpointId: string }) => Promise<void>;
  /** See `CircuitRoutesOptions.reset`. */
  readonly resetCircuit: (record: EndpointRecord) => Promise<void>;
  /** See `ReferenceRoutesOptions.readAsset`. */
  readonly readAsset: (name: string) => Promise<Uint8Array>;
  readonly onUnhealthy: (error: unknown) => void;
  readonly version: string;
  readonly retentionDays: number;
}

const day = 24 * 60 * 60 * 1_000;
const secretBytes = 24;
const applicationIdBytes = 10;

/** Everything that this function answers, in one table: the router, the tests of who may do what, and the docs use it. */
export function controlRoutes(options: ControlApiOptions): Route[] {
  const { applications, endpoints, tokens, events, deliveries, tasks, ids, now, randomBytes } = options;
  const probeDefault = async (): Promise<void> => {
    if ((await applications.get(defaultApplicationId)) !== undefined) return;
    throw new Error(
      `there is no application ${JSON.stringify(defaultApplicationId)}, which the deployment makes; ` +
        'create it by POST /api/applications',
    );
  };
  const wake = orUnavailable(options.wake);
  const retention = options.retentionDays * day;
  const eventDeliveries = createEventDeliveries({ events, deliveries, now, retention });
  const newApplicationId = (): string =>
    `app_${Buffer.from(randomBytes(applicationIdBytes)).toString('hex')}`;

  return [
    ...healthRoutes({
      version: options.version,
      now,
      probe: probeDefault,
      onUnhealthy: options.onUnhealthy,
    }),
    ...referenceRoutes({ readAsset: options.readAsset }),
    ...applicationRoutes({ applications, newApplicationId, now }),
    ...tokenRoutes({
      tokens,
      newTokenId: ids.token,
      newTokenText: () => makeToken(randomBytes(tokenRandomBytes)),
      now,
    }),
    ...endpointRoutes({
      endpoints,
      inputs: createEndpointInputs(options.targetPolicy),
      newEndpointId: ids.endpoint,
      newSecret: () => generateSecret(randomBytes(secretBytes)),
      now,
      loadRegex: options.loadRegex,
      drain: options.drain,
    }),
    ...circuitRoutes({ endpoints, reset: options.resetCircuit, now }),
    ...eventRoutes({ events, eventDeliveries }),
    ...deliveryRoutes({
      ...{ endpoints, events, deliveries, eventDeliveries },
      retry: createRetry({ endpoints, events, deliveries, eventDeliveries, wake, now }),
    }),
    ...taskRoutes({ tasks, endpoints, events, eventDeliveries, newTaskId: ids.task, now }),
  ];
}

/** The control API: every route, over the ports. */
export function createControlApi(options: ControlApiOptions) {
  const { applications, tokens, now } = options;
  return createRouter({
    authenticate: createAuthenticate({ tokens, now }),
    applicationExists: async (id) => (await applications.get(id)) !== undefined,
    // Event posts are another function's; without them `allow` would tell half the truth.
    servedElsewhere: { '/api/events': ['POST'], '/api/events/batch': ['POST'] },
    routes: controlRoutes(options),
  });
}
