import type { Operations } from '#adapters/http-api/operation.ts';
import { applicationOperations } from '#lambdas/api/routes/applications.ts';
import { circuitOperations } from '#lambdas/api/routes/circuit.ts';
import { v1EventTypeOperations } from '#lambdas/api/routes/compat-v1-event-types.ts';
import { deliveryOperations } from '#lambdas/api/routes/deliveries.ts';
import { endpointSecretOperations } from '#lambdas/api/routes/endpoint-secrets.ts';
import { endpointTestOperations } from '#lambdas/api/routes/endpoint-test.ts';
import { endpointOperations } from '#lambdas/api/routes/endpoints.ts';
import { eventTypeOperations } from '#lambdas/api/routes/event-types.ts';
import { eventOperations } from '#lambdas/api/routes/events.ts';
import { metricsOperations } from '#lambdas/api/routes/metrics.ts';
import { portalTokenOperations } from '#lambdas/api/routes/portal-tokens.ts';
import { statisticsOperations } from '#lambdas/api/routes/statistics.ts';
import { taskOperations } from '#lambdas/api/routes/tasks.ts';
import { tokenOperations } from '#lambdas/api/routes/tokens.ts';
import { ingestOperations, v1IngestOperations } from '#lambdas/ingest/routes.ts';
import { healthOperations } from '#lambdas/web/routes/health.ts';
import { referenceOperations } from '#lambdas/web/routes/reference.ts';
import type { AnswerName, RequestName } from './components.ts';

type Described = Operations<RequestName, AnswerName>;

/** The operations of each tag. The type refuses names of unknown schemas. */
const byTag = {
  events: { ...ingestOperations, ...eventOperations },
  endpoints: {
    ...endpointOperations,
    ...endpointSecretOperations,
    ...endpointTestOperations,
    ...circuitOperations,
  },
  deliveries: deliveryOperations,
  'event types': eventTypeOperations,
  tasks: taskOperations,
  statistics: { ...statisticsOperations, ...metricsOperations },
  applications: applicationOperations,
  tokens: { ...tokenOperations, ...portalTokenOperations },
  'original Hook0': { ...v1IngestOperations, ...v1EventTypeOperations },
  service: { ...healthOperations, ...referenceOperations },
} satisfies Record<string, Described>;

export type Tag = keyof typeof byTag;

export type TaggedOperation = Described[string] & { readonly tag: string };

/** What the document says about each route, by `METHOD /path`. */
export const operations: Readonly<Record<string, TaggedOperation>> = Object.fromEntries(
  Object.entries(byTag).flatMap(([tag, tagged]) =>
    Object.entries<Described[string]>(tagged).map(([route, operation]) => [route, { ...operation, tag }]),
  ),
);
