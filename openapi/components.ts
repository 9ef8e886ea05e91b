import * as z from 'zod/mini';
import { pageOf } from '#adapters/http-api/page-schema.ts';
import { circuitViewSchema } from '#core/circuit/circuit-view-schema.ts';
import { v1EventSchema } from '#core/compat-v1/event.ts';
import {
  attemptViewSchema,
  deadLetterViewSchema,
  deliveryViewSchema,
} from '#core/delivery/delivery-view-schema.ts';
import {
  createEndpointSchema,
  endpointLimits,
  eventPatternSchema,
  metadataSchema,
  secretSchema,
} from '#core/endpoint/endpoint-schema.ts';
import {
  endpointViewSchema,
  retryPolicySchema,
  secretsViewSchema,
  secretViewSchema,
} from '#core/endpoint/endpoint-view-schema.ts';
import { rotationSchema } from '#core/endpoint/rotate-secret.ts';
import { endpointTestViewSchema } from '#core/endpoint-test/endpoint-test-view-schema.ts';
import { testEventSchema } from '#core/endpoint-test/test-event-schema.ts';
import { batchSchema } from '#core/event/batch-schema.ts';
import { envelopeSchema, eventLimits, payloadSchema, typeSchema } from '#core/event/event-schema.ts';
import { longestEventType, patternForm, typeForm } from '#core/event/type-name.ts';
import {
  eventTypeChangeSchema,
  eventTypeSchema,
  exampleBytes,
  exampleSchema,
  jsonSchemaSchema,
} from '#core/event-type/event-type-input.ts';
import { eventTypeViewSchema } from '#core/event-type/event-type-view-schema.ts';
import { groupSchema } from '#core/filter/schema.ts';
import { isObject } from '#core/json/merge-patch.ts';
import { strictPolicy } from '#core/outbound/target-url.ts';
import { retryConfigSchema, retryObject } from '#core/retry/retry-config-schema.ts';
import { acceptedSecret } from '#core/signature/secret.ts';
import { metricsViewSchema } from '#core/statistics/metrics-view-schema.ts';
import {
  applicationStatisticsSchema,
  endpointStatisticsSchema,
} from '#core/statistics/statistics-view-schema.ts';
import { startedTaskSchema, taskViewSchema } from '#core/task/task-view-schema.ts';
import { problemSchema } from '#core/validation/problem-schema.ts';
import { described, freeObject } from '#core/validation/view-schemas.ts';
import { changeSchema, creationSchema } from '#lambdas/api/routes/applications.ts';
import { v1EventTypeSchema } from '#lambdas/api/routes/compat-v1-event-types.ts';
import { portalSchema } from '#lambdas/api/routes/portal-tokens.ts';
import { recoverSchema, redriveSchema, replaySchema } from '#lambdas/api/routes/tasks.ts';
import { tokenChangeSchema, tokenSchema } from '#lambdas/api/routes/tokens.ts';
import {
  applicationViewSchema,
  newPortalTokenViewSchema,
  newTokenViewSchema,
  removalSchema,
  tokenViewSchema,
} from '#lambdas/api/views/application-and-token-view-schemas.ts';
import { v1EventTypesViewSchema, v1EventTypeViewSchema } from '#lambdas/api/views/compat-v1-view-schemas.ts';
import { eventMatchingViewSchema } from '#lambdas/api/views/event-matching-view-schema.ts';
import { eventDetailSchema, eventSummarySchema } from '#lambdas/api/views/event-view-schema.ts';
import { acceptedSchema, batchAnswerSchema, v1AcceptedSchema } from '#lambdas/ingest/answer-schema.ts';
import { healthSchema } from '#lambdas/web/views/health-schema.ts';
import { withDefaultsInText } from './defaults.ts';
import { withDescriptions } from './descriptions.ts';
import { asPatch, type JsonSchema, withNulls } from './merge-patch.ts';

/** The schemas that validate request bodies, by their name in the document. */
const requestSchemas = {
  ApplicationInput: creationSchema,
  ApplicationChange: changeSchema,
  EndpointInput: createEndpointSchema(strictPolicy),
  EndpointTestInput: testEventSchema,
  EventInput: envelopeSchema,
  EventBatchInput: batchSchema,
  EventTypeInput: eventTypeSchema,
  EventTypeChange: eventTypeChangeSchema,
  FilterInput: groupSchema,
  PortalTokenInput: portalSchema,
  RecoverInput: recoverSchema,
  RedriveInput: redriveSchema,
  ReplayInput: replaySchema,
  RotationInput: rotationSchema,
  TokenInput: tokenSchema,
  TokenPatch: tokenChangeSchema,
  V1EventInput: v1EventSchema,
  V1EventTypeInput: v1EventTypeSchema,
} as const;

/** Bodies in which a null field means that the field is absent. */
const nullable: readonly string[] = ['ApplicationInput', 'EndpointInput', 'EventTypeInput', 'RotationInput'];

/** Merge patches (RFC 7396). The merged body is validated as a whole. */
const patches = {
  ApplicationPatch: 'ApplicationChange',
  EndpointPatch: 'EndpointInput',
  EventTypePatch: 'EventTypeChange',
} as const;

/** The schemas of answers, by their name in the document. */
export const answerSchemas = {
  Accepted: acceptedSchema,
  Application: applicationViewSchema,
  ApplicationPage: pageOf(applicationViewSchema),
  ApplicationRemoval: removalSchema,
  ApplicationStats: applicationStatisticsSchema,
  Attempt: attemptViewSchema,
  BatchAnswer: batchAnswerSchema,
  Circuit: circuitViewSchema,
  DeadLetter: deadLetterViewSchema,
  DeadLetterPage: pageOf(deadLetterViewSchema),
  Delivery: deliveryViewSchema,
  DeliveryPage: pageOf(deliveryViewSchema),
  Endpoint: endpointViewSchema,
  EndpointPage: pageOf(endpointViewSchema),
  EndpointStats: endpointStatisticsSchema,
  EndpointTest: endpointTestViewSchema,
  Event: eventDetailSchema,
  EventMatching: eventMatchingViewSchema,
  EventMatchingPage: pageOf(eventMatchingViewSchema),
  EventPage: pageOf(eventSummarySchema),
  EventSummary: eventSummarySchema,
  EventType: eventTypeViewSchema,
  EventTypePage: pageOf(eventTypeViewSchema),
  Filter: groupSchema,
  Health: healthSchema,
  Metrics: metricsViewSchema,
  NewPortalToken: newPortalTokenViewSchema,
  NewToken: newTokenViewSchema,
  OpenapiDocument: described(freeObject(), 'OpenAPI 3.1.'),
  Problem: problemSchema,
  RetryPolicy: retryPolicySchema,
  SigningSecret: secretViewSchema,
  SigningSecrets: secretsViewSchema,
  StartedTask: startedTaskSchema,
  Task: taskViewSchema,
  TaskPage: pageOf(taskViewSchema),
  Token: tokenViewSchema,
  TokenPage: pageOf(tokenViewSchema),
  V1Accepted: v1AcceptedSchema,
  V1EventType: v1EventTypeViewSchema,
  V1EventTypes: v1EventTypesViewSchema,
} as const;

export type RequestName = keyof typeof requestSchemas | keyof typeof patches;
export type AnswerName = keyof typeof answerSchemas;

export const reference = (name: RequestName | AnswerName) => ({ $ref: `#/components/schemas/${name}` });

// Constraints of checks that the error text of the schema does not mention.
const constraints: readonly (readonly [z.core.$ZodType, JsonSchema])[] = [
  [typeSchema, { pattern: typeForm.source, maxLength: longestEventType }],
  [eventPatternSchema, { pattern: patternForm.source, maxLength: longestEventType }],
  [
    metadataSchema,
    {
      description: `an object of at most ${endpointLimits.metadataBytes} bytes as JSON and ${endpointLimits.metadataDepth} levels`,
    },
  ],
  [secretSchema, { description: acceptedSecret }],
  [jsonSchemaSchema, { anyOf: [{ type: 'object', additionalProperties: {} }, { type: 'boolean' }] }],
  [
    exampleSchema,
    { description: `a payload that matches the schema, at most ${exampleBytes} bytes as JSON` },
  ],
  [payloadSchema, { description: `any JSON value, at most ${eventLimits.payloadBytes} bytes as text` }],
];

const circuitShortForm = { type: 'boolean' as const, description: 'A short form of circuitBreaker.enabled.' };
const standardAgain = {
  type: 'object' as const,
  description: 'The standard policy in the form of an answer, so that an answer can be sent back.',
  properties: { strategy: { type: 'string' as const, const: 'standard' } },
  required: ['strategy'],
};

/** Every schema of the document, by name. */
export function componentSchemas(): Record<string, JsonSchema> {
  const requests = convert(requestSchemas, 'input');
  for (const name of nullable) requests[name] = withNulls(requests[name] ?? {});
  for (const [name, of] of Object.entries(patches)) requests[name] = asPatch(requests[of] ?? {});
  delete requests.ApplicationChange;
  delete requests.EventTypeChange;
  const all = withDescriptions({ ...requests, ...convert(answerSchemas, 'output') });
  for (const name of Object.keys(requests)) all[name] = withDefaultsInText(all[name] ?? {});
  return sorted(all);
}

function convert(named: Readonly<Record<string, z.core.$ZodType>>, io: 'input' | 'output') {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    unrepresentable: 'any',
    uri: (name) => `#/components/schemas/${name}`,
    override: ({ zodSchema, jsonSchema }) => {
      const accepted = acceptedText(zodSchema);
      if (accepted !== undefined) jsonSchema.description ??= accepted;
      if (zodSchema === retryObject && jsonSchema.properties) {
        jsonSchema.properties.circuitBreaker = { ...circuitShortForm };
      }
      if (zodSchema === retryConfigSchema) jsonSchema.anyOf?.push({ ...standardAgain });
      const pattern = patternOf(zodSchema);
      if (pattern !== undefined) jsonSchema.pattern = pattern.source;
      leaveOutNoise(jsonSchema);
      Object.assign(jsonSchema, constraints.find(([schema]) => schema === zodSchema)?.[1]);
    },
  });
  const written: Record<string, JsonSchema> = {};
  for (const [name, { $id, $schema, ...schema }] of Object.entries(schemas)) written[name] = schema;
  return written;
}

/** Removes constraints that hold for every JSON number, name of a member and instant. */
function leaveOutNoise(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.format === 'date-time') delete schema.pattern;
  delete schema.propertyNames;
}

/** The regular expression of a check that `accepts` made. */
function patternOf({ _zod: { def } }: z.core.$ZodType): RegExp | undefined {
  return def.checks
    ?.map(({ _zod: { def } }) => ('params' in def ? def.params : undefined))
    .map((params) => (isObject(params) ? params.pattern : undefined))
    .find((pattern) => pattern instanceof RegExp);
}

/** The error text of a schema says what it accepts, which is its description in the document. */
function acceptedText({ _zod: { def } }: z.core.$ZodType): string | undefined {
  if (def.type === 'object' || def.type === 'pipe') return undefined;
  const error: unknown = def.error;
  const text: unknown = typeof error === 'function' ? error({ code: 'custom', path: [] }) : undefined;
  return typeof text === 'string' ? text : undefined;
}

const sorted = <Value>(record: Record<string, Value>): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
