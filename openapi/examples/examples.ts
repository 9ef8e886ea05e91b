import { uuidOf } from '#core/id/ids.ts';
import { contentTypes } from '#core/statistics/exposition.ts';
import { iso } from '#core/validation/instant.ts';
import type { AnswerName, RequestName } from '../components.ts';
import * as records from './records.ts';
import * as statistics from './statistics.ts';

const token = 'hk0_0000000000000000000000000000000000000';
const application_id = '018f6d3c-5b0a-7c1e-9d55-3a1f0c9b7e42';
const health = { version: '0.1.0', timestamp: iso(records.whenPosted) };
const v1EventType = {
  service_name: 'shop',
  resource_type_name: 'order',
  verb_name: 'created',
  event_type_name: 'shop.order.created',
};

/** Examples of request bodies, by their schema. */
export const requestExamples: Readonly<Partial<Record<RequestName, unknown>>> = {
  ApplicationInput: { id: 'acme', name: 'Acme', metadata: { tier: 'gold' } },
  ApplicationPatch: { metadata: { tier: 'silver' } },
  EndpointInput: records.endpointInput,
  EndpointPatch: { timeout: 10_000, filters: null },
  EndpointTestInput: { type: 'order.created' },
  EventBatchInput: { events: [records.eventInput] },
  EventInput: records.eventInput,
  EventTypeInput: records.eventTypeInput,
  EventTypePatch: { archived: true },
  PortalTokenInput: { expiresIn: 3_600_000 },
  RecoverInput: { since: '2026-01-31T08:00:00Z', until: '2026-01-31T12:00:00Z' },
  RedriveInput: { endpointId: records.ids.endpoint },
  ReplayInput: { endpointIds: [records.ids.endpoint] },
  RotationInput: { overlap: 86_400_000 },
  TokenInput: { name: 'shop', scopes: ['ingest'] },
  TokenPatch: { rateLimit: { perSecond: 100 } },
  V1EventInput: {
    application_id,
    event_type: 'shop.order.created',
    labels: { region: 'eu' },
    payload: JSON.stringify(records.examplePayload),
    payload_content_type: 'application/json',
    occurred_at: '2026-01-31T12:00:00Z',
  },
  V1EventTypeInput: { application_id, service: 'shop', resource_type: 'order', verb: 'created' },
};

/** Examples of answers, by their schema. */
export const answerExamples: Readonly<Partial<Record<AnswerName, unknown>>> = {
  Accepted: records.acceptedExample,
  Application: records.applicationExample,
  ApplicationPage: records.page(records.applicationExample),
  ApplicationRemoval: { id: 'acme', status: 'purging' },
  ApplicationStats: statistics.applicationStatisticsExample,
  BatchAnswer: { results: [records.acceptedExample] },
  Circuit: { state: 'closed', failures: 0 },
  DeadLetterPage: records.page(records.deadLetterExample),
  Delivery: records.deliveryExample,
  DeliveryPage: records.page(records.deliveryExample),
  Endpoint: records.endpointExample,
  EndpointPage: records.page(records.endpointExample),
  EndpointStats: statistics.endpointStatisticsExample,
  EndpointTest: records.testExample,
  Event: records.eventExample,
  EventMatchingPage: records.page(records.eventMatchingExample),
  EventPage: records.page(records.eventSummaryExample),
  EventType: records.eventTypeExample,
  EventTypePage: records.page(records.eventTypeExample),
  Health: { status: 'healthy', ...health },
  Metrics: statistics.metricsExample,
  NewPortalToken: { ...records.portalTokenExample, token },
  NewToken: { ...records.tokenExample, token },
  SigningSecret: records.secretExample,
  SigningSecrets: records.secretsExample,
  StartedTask: { taskId: records.ids.task },
  Task: records.taskExample,
  TaskPage: records.page(records.taskExample),
  Token: records.tokenExample,
  TokenPage: records.page(records.tokenExample),
  V1Accepted: {
    application_id,
    event_id: uuidOf(records.ids.event),
    received_at: iso(records.whenPosted),
    eventId: records.ids.event,
  },
  V1EventType: v1EventType,
  V1EventTypes: [v1EventType],
};

/** Answers that look different from the example of their schema, by operation and status. */
export const operationExamples: Readonly<Record<string, unknown>> = {
  'getHealth 503': { status: 'unhealthy', ...health },
  'pauseEndpoint 200': records.pausedExample,
  'retryDelivery 202': records.retriedExample,
  'updateToken 200': { ...records.tokenExample, rateLimit: { perSecond: 100 } },
};

/** Answers that are not JSON, by media type. */
export const textExamples: Readonly<Record<string, unknown>> = {
  [contentTypes.text]: statistics.textMetricsExample,
  [contentTypes.openmetrics]: statistics.openMetricsExample,
  'text/event-stream; charset=utf-8': statistics.metricsStreamExample,
};
