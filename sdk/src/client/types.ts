// The public names of what the API takes and answers. The shapes come from docs/openapi.json. Times are ISO 8601,
// durations are milliseconds.

import type {
  Accepted as AcceptedEvent,
  Application,
  BatchAnswer,
  Delivery,
  EndpointInput,
  EndpointStats,
  EventInput,
  FilterInput,
  Metrics,
  PortalTokenInput,
  ReplayInput,
  TokenInput,
} from '../generated/api-types.ts';

export type {
  Accepted as AcceptedEvent,
  Application,
  ApplicationInput as NewApplication,
  ApplicationPatch,
  ApplicationRemoval,
  ApplicationStats,
  Attempt,
  BatchAnswer,
  Circuit,
  DeadLetter,
  Delivery,
  Endpoint,
  EndpointInput as NewEndpoint,
  EndpointPatch,
  EndpointStats,
  EndpointTest as TestResult,
  EndpointTestInput as TestRequest,
  Event as StoredEvent,
  EventMatching,
  EventSummary,
  EventType,
  EventTypeInput as NewEventType,
  EventTypePatch,
  FilterInput as Filter,
  GetMetricsQuery as MetricsQuery,
  GetStatsQuery as StatsQuery,
  GetTokenQuery as TokenQuery,
  ListDeadLettersQuery as DeadLetterQuery,
  ListDeliveriesQuery as DeliveryQuery,
  ListEndpointsQuery as PageQuery,
  ListEventMatchingQuery as MatchingQuery,
  ListEventsQuery as EventQuery,
  ListTokensQuery as TokensQuery,
  Metrics,
  NewPortalToken as CreatedPortalToken,
  NewToken as CreatedToken,
  PortalTokenInput as NewPortalToken,
  RecoverInput as RecoverOptions,
  RedriveInput as RedriveOptions,
  ReplayInput as ReplayOptions,
  RotationInput as Rotation,
  SigningSecret as Secret,
  SigningSecrets as Secrets,
  StartedTask,
  Task,
  Token,
  TokenInput as NewToken,
  TokenPatch,
} from '../generated/api-types.ts';

/** One page of a list. */
export interface Page<T> {
  readonly data: readonly T[];
  /** Null on the last page. A filtered page may be short, or empty, and still have a cursor. */
  readonly nextCursor: string | null;
}

/** An event to post: with `payload`, or with `payloadJson`, whose text is delivered unchanged, byte by byte. */
export type NewEvent = Omit<EventInput, 'payload'> &
  (
    | { readonly payload: unknown; readonly payloadJson?: never }
    | { readonly payloadJson: string; readonly payload?: never }
  );

/** An event that is posted if `condition` holds for its payload. */
export type ConditionalEvent<Payload = unknown> = Omit<EventInput, 'payload'> & {
  /** With `payloadJson`, it gets the parsed payload. */
  readonly condition: (payload: Payload) => boolean | Promise<boolean>;
} & (
    | { readonly payload: Payload; readonly payloadJson?: never }
    | { readonly payloadJson: string; readonly payload?: never }
  );

/** What `sendEventIf` did. */
export type ConditionalResult = ({ readonly sent: true } & AcceptedEvent) | { readonly sent: false };

export type EventOptions = NonNullable<EventInput['options']>;
export type BatchResult = BatchAnswer['results'][number];
export type RefusedEvent = Extract<BatchResult, { readonly success: false }>;
export type Priority = NonNullable<EndpointInput['priority']>;
export type Condition = Exclude<NonNullable<FilterInput['conditions']>[number], FilterInput>;
export type RetryConfig = Exclude<NonNullable<EndpointInput['retryConfig']>, string>;
export type DeliveryStatus = Delivery['status'];
export type TaskOptions = Pick<ReplayInput, 'dryRun'>;
export type Limits = Application['limits'];
export type Scope = TokenInput['scopes'][number];
export type Capability = NonNullable<PortalTokenInput['capabilities']>[number];
export type Totals = EndpointStats['totals'];
export type Hour = EndpointStats['series'][number];
export type Metric = NonNullable<Metrics['metrics'][keyof Metrics['metrics']]>;
