import { createAuthenticate } from '#adapters/http-api/auth.ts';
import { defaultApplicationId } from '#core/application/application.ts';
import type { Limits } from '#core/application/limits.ts';
import type { ReleasePorts } from '#core/delivery/release.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { createEndpointInputs } from '#core/endpoint/endpoint-input.ts';
import type { Ids } from '#core/id/ids.ts';
import type { TargetPolicy } from '#core/outbound/target-url.ts';
import type { RegexEngine } from '#core/regex/expression.ts';
import { generateSecret } from '#core/signature/secret.ts';
import type { QueueSize } from '#core/statistics/metrics.ts';
import { makeToken, tokenRandomBytes } from '#core/token/token.ts';
import type { TokenSource } from '#core/token/token-cache.ts';
import { createDeleteEvent } from './actions/delete-event.ts';
import { createEventDeliveries } from './actions/event-deliveries.ts';
import { orUnavailable } from './actions/queue-unavailable.ts';
import { createRetry } from './actions/retry.ts';
import { createStartTask } from './actions/start-task.ts';
import type { Route } from './http/route.ts';
import { createRouter } from './http/router.ts';
import type {
  Applications,
  Deliveries,
  Endpoints,
  Events,
  EventTypes,
  Stats,
  Tasks,
  Tokens,
} from './ports.ts';
import { applicationRoutes } from './routes/applications.ts';
import { circuitRoutes } from './routes/circuit.ts';
import { v1EventTypeRoutes } from './routes/compat-v1-event-types.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { type EndpointTestRoutesOptions, endpointTestRoutes } from './routes/endpoint-test.ts';
import { endpointRoutes } from './routes/endpoints.ts';
import { eventTypeRoutes } from './routes/event-types.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { portalTokenRoutes } from './routes/portal-tokens.ts';
import { referenceRoutes } from './routes/reference.ts';
import { statsRoutes } from './routes/statistics.ts';
import { taskRoutes } from './routes/tasks.ts';
import { tokenRoutes } from './routes/tokens.ts';

export interface ApiOptions {
  readonly applications: Applications;
  readonly endpoints: Endpoints;
  readonly eventTypes: EventTypes;
  readonly tokens: Tokens & TokenSource;
  readonly events: Events;
  readonly deliveries: Deliveries;
  readonly tasks: Tasks;
  readonly stats: Stats;
  /** How many messages the deployment's queues hold. */
  readonly queueSizes: () => Promise<readonly QueueSize[]>;
  /** Queues a wake-up of a delivery; rejects when it is refused. */
  readonly wake: ReleasePorts['wake'];
  /** Notes that a token is in use; see `createAuthenticate`. */
  readonly tokenUsed: (hash: string, at: number) => void;
  readonly ids: Pick<Ids, 'endpoint' | 'token' | 'task' | 'test'>;
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
  readonly beginTest: EndpointTestRoutesOptions['beginTest'];
  readonly testEndpoint: EndpointTestRoutesOptions['test'];
  /** See `ReferenceRoutesOptions.readAsset`. */
  readonly readAsset: (name: string) => Promise<Uint8Array>;
  readonly onUnhealthy: (error: unknown) => void;
  readonly version: string;
  readonly retentionDays: number;
  /** Of applications that have none of their own. */
  readonly limits: Limits;
}

const day = 24 * 60 * 60 * 1_000;
const secretBytes = 24;
const applicationIdBytes = 10;

/** Everything that this function answers, in one table: the router, the tests of who may do what, and the docs use it. */
export function apiRoutes(options: ApiOptions): Route[] {
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
  const eventDeliveries = createEventDeliveries({ endpoints, events, deliveries, now, retention });
  const startTask = createStartTask({ tasks, newTaskId: ids.task, now });
  const newApplicationId = (): string =>
    `app_${Buffer.from(randomBytes(applicationIdBytes)).toString('hex')}`;

  const newTokenText = () => makeToken(randomBytes(tokenRandomBytes));
  const tokenOptions = { tokens, newTokenId: ids.token, newTokenText, now };

  return [
    ...healthRoutes({
      version: options.version,
      now,
      probe: probeDefault,
      onUnhealthy: options.onUnhealthy,
    }),
    ...referenceRoutes({ readAsset: options.readAsset }),
    ...applicationRoutes({ applications, newApplicationId, limits: options.limits, now }),
    ...tokenRoutes(tokenOptions),
    ...portalTokenRoutes(tokenOptions),
    ...endpointRoutes({
      endpoints,
      inputs: createEndpointInputs(options.targetPolicy),
      newEndpointId: ids.endpoint,
      newSecret: () => generateSecret(randomBytes(secretBytes)),
      now,
      loadRegex: options.loadRegex,
      drain: options.drain,
    }),
    ...endpointTestRoutes({
      endpoints,
      beginTest: options.beginTest,
      test: options.testEndpoint,
      newTestId: ids.test,
      now,
    }),
    ...eventTypeRoutes({ eventTypes: options.eventTypes, now, loadRegex: options.loadRegex }),
    ...v1EventTypeRoutes({
      eventTypes: options.eventTypes,
      applicationExists: async (id) => (await applications.get(id)) !== undefined,
      now,
    }),
    ...circuitRoutes({ endpoints, reset: options.resetCircuit, now }),
    ...eventRoutes({
      ...{ events, eventDeliveries },
      deleteEvent: createDeleteEvent({ events, deliveries, startTask, now }),
    }),
    ...deliveryRoutes({
      ...{ endpoints, events, deliveries, eventDeliveries, now },
      retry: createRetry({ endpoints, events, deliveries, eventDeliveries, wake, now }),
    }),
    ...taskRoutes({ tasks, endpoints, events, eventDeliveries, startTask, now }),
    ...statsRoutes({ endpoints, stats: options.stats, now }),
    ...metricsRoutes({ endpoints, stats: options.stats, queueSizes: options.queueSizes, now }),
  ];
}

/** The API: every route, over the ports. */
export function createApi(options: ApiOptions) {
  const { applications, tokens, now } = options;
  return createRouter({
    authenticate: createAuthenticate({ tokens, now, used: options.tokenUsed }),
    applicationExists: async (id) => (await applications.get(id)) !== undefined,
    // Event posts are another function's; without them `allow` would tell half the truth.
    servedElsewhere: { '/api/events': ['POST'], '/api/events/batch': ['POST'], '/api/v1/event': ['POST'] },
    routes: apiRoutes(options),
  });
}
