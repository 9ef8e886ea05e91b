// What the API takes and answers. Times are ISO 8601, durations milliseconds.

export type Priority = 'high' | 'normal' | 'low';

export interface EventOptions {
  readonly priority?: Priority;
  /** From now to the first attempt, up to 30 days. */
  readonly delay?: number;
  /** At most 20 of at most 64 characters. */
  readonly tags?: readonly string[];
}

/** An event to post: with `payload`, or with `payloadJson` whose text is delivered as it is, byte by byte. */
export type NewEvent = {
  /** Words joined by dots, such as `order.created`. */
  readonly type: string;
  readonly source?: string;
  readonly options?: EventOptions;
} & (
  | { readonly payload: unknown; readonly payloadJson?: never }
  | { readonly payloadJson: string; readonly payload?: never }
);

export interface AcceptedEvent {
  readonly success: true;
  readonly eventId: string;
  /** How many endpoints it goes to. */
  readonly webhookCount: number;
}

export interface RefusedEvent {
  readonly success: false;
  readonly error: {
    readonly code: string;
    readonly status: number;
    readonly detail: string;
    readonly field?: string;
  };
}

export interface PostOptions {
  /**
   * Posting again with the same key makes no second event, for 24 hours.
   *
   * @default - one made for this call, so that its own retries are safe
   */
  readonly idempotencyKey?: string;
}

export interface EventSummary {
  readonly id: string;
  readonly applicationId: string;
  readonly type: string;
  readonly source?: string;
  readonly tags: readonly string[];
  readonly timestamp: string;
  readonly deliverAt?: string;
  readonly webhookCount: number;
}

export interface StoredEvent extends EventSummary {
  readonly payload: unknown;
  /** A page of them, in the order of the endpoints. */
  readonly deliveries: readonly Delivery[];
  /** Null when there are no more deliveries. */
  readonly nextCursor: string | null;
}

export interface Page<T> {
  readonly data: readonly T[];
  /** Null at the end. A filtered page may be short, or empty, and still have one. */
  readonly nextCursor: string | null;
}

export interface PageQuery {
  /** 1 to 100. @default 20 */
  readonly limit?: number;
  readonly cursor?: string;
}

/** Of an endpoint's deliveries. */
export interface DeliveryQuery extends PageQuery {
  readonly status?: DeliveryStatus;
  /** Only those of events accepted from then on, ISO 8601. */
  readonly since?: string;
  /** Only those of events accepted before. */
  readonly until?: string;
}

export interface EventQuery extends PageQuery {
  readonly type?: string;
  readonly source?: string;
  readonly tag?: string;
  readonly since?: string;
  readonly until?: string;
}

export interface Condition {
  readonly field: string;
  readonly operator:
    | 'eq'
    | 'ne'
    | 'gt'
    | 'gte'
    | 'lt'
    | 'lte'
    | 'in'
    | 'nin'
    | 'contains'
    | 'regex'
    | 'exists';
  readonly value?: unknown;
}

export interface Filter {
  /** @default AND */
  readonly logic?: 'AND' | 'OR';
  readonly conditions: readonly (Condition | Filter)[];
}

export interface RetryConfig {
  readonly maxAttempts?: number;
  readonly strategy?: 'exponential' | 'linear' | 'fixed' | 'custom';
  readonly baseDelay?: number;
  readonly maxDelay?: number;
  readonly jitter?: boolean;
  readonly schedule?: readonly number[];
  readonly retryableStatuses?: readonly (number | '4xx' | '5xx')[];
}

export interface NewEndpoint {
  readonly name: string;
  readonly url: string;
  /** Patterns: `order.created`, `order.*` or `*`. */
  readonly events: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeout?: number;
  readonly priority?: Priority;
  readonly retryConfig?: 'standard' | RetryConfig;
  readonly circuitBreaker?: {
    readonly enabled?: boolean;
    readonly threshold?: number;
    readonly timeout?: number;
  };
  readonly rateLimit?: { readonly perSecond: number };
  readonly security?: {
    readonly secret?: string;
    readonly signatureHeader?: string;
    readonly signatureScheme?: 'standard' | 'hook0-v1';
  };
  readonly filters?: Filter;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What changes: fields that are left out stay, null takes the default. */
export type EndpointPatch = { readonly [Field in keyof NewEndpoint]?: NewEndpoint[Field] | null };

export interface Endpoint {
  readonly id: string;
  readonly applicationId: string;
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  /** Values that look like credentials are masked. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly priority: Priority;
  readonly retryConfig: Omit<RetryConfig, 'strategy'> & { readonly strategy: string };
  readonly circuitBreaker: {
    readonly enabled: boolean;
    readonly threshold: number;
    readonly timeout: number;
  };
  readonly circuit: Circuit;
  readonly rateLimit: { readonly perSecond: number } | null;
  readonly security: { readonly signatureHeader: string; readonly signatureScheme: 'standard' | 'hook0-v1' };
  readonly filters: Filter | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly status: 'active' | 'paused' | 'disabled';
  readonly statusReason?: string;
  readonly statusSince: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Circuit {
  readonly state: 'closed' | 'open' | 'half_open';
  readonly failures: number;
  readonly failingSince?: string;
  readonly openUntil?: string;
}

export interface Rotation {
  /** Milliseconds for which the secrets before go on signing, at most 7 days. @default - a day */
  readonly overlap?: number;
  /** @default - one is made; `secret` of the client reads it */
  readonly secret?: string;
}

/** Secrets that sign, without their values. */
export interface Secrets {
  readonly createdAt: string;
  readonly previous: readonly { readonly createdAt: string; readonly expiresAt: string | null }[];
}

/** What a test sends. @default - a ping */
export interface TestRequest {
  readonly type?: string;
  readonly payload?: unknown;
}

export interface TestResult {
  readonly success: boolean;
  readonly eventId: string;
  readonly eventType: string;
  readonly attempt: Attempt;
}

export type DeliveryStatus = 'queued' | 'retrying' | 'held' | 'succeeded' | 'dead' | 'cancelled';

export interface Attempt {
  readonly number: number;
  readonly generation: number;
  readonly startedAt: string;
  readonly duration: number;
  readonly success: boolean;
  readonly statusCode?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: string;
  readonly errorClass?: string;
  readonly error?: string;
  readonly retryable: boolean;
  readonly nextAttemptAt?: string;
}

export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly endpointId: string;
  readonly status: DeliveryStatus;
  readonly heldFor?: string;
  readonly reason?: string;
  readonly generation: number;
  readonly attempts: readonly Attempt[];
  readonly createdAt: string;
  readonly settledAt?: string;
  readonly nextAttemptAt?: string;
}

export interface DeadLetter extends Delivery {
  readonly finalError: string;
  readonly retryCount: number;
  readonly timestamp: string;
}

/** Work that goes on behind the answer which named it. */
export interface Task {
  readonly id: string;
  readonly type: 'redrive' | 'replay' | 'recover' | 'delete-event';
  readonly status: 'queued' | 'running' | 'completed' | 'cancelled';
  /** It only counts what it would start. */
  readonly dryRun: boolean;
  /** Deliveries that it has looked at: those that it started, and those that it left as they were. */
  readonly processed: number;
  readonly started: number;
  readonly skipped: number;
  /** How many it is to look at, where that is known before its end. */
  readonly total?: number;
  readonly eventId?: string;
  readonly endpointId?: string;
  /** Of a recovery. */
  readonly since?: string;
  readonly until?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Begins work that goes on behind the answer. */
export interface TaskOptions {
  /** Only counts what it would start. @default false */
  readonly dryRun?: boolean;
}

/** How many an application may have. */
export interface Limits {
  readonly endpoints: number;
  readonly eventTypes: number;
}

export interface NewApplication {
  /** `[a-z0-9][a-z0-9_-]{0,63}`. @default - one is made */
  readonly id?: string;
  readonly name: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** For operators. @default - those of the deployment */
  readonly limits?: Partial<Limits>;
}

/** What changes: fields that are left out stay, null takes the default. */
export interface ApplicationPatch {
  readonly name?: string;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
  readonly limits?: { readonly [Limited in keyof Limits]?: Limits[Limited] | null } | null;
}

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly limits: Limits;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type Scope = 'admin' | 'manage' | 'ingest' | 'read';

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Another application than that of the request, or `*` for all; for operators. */
  readonly applicationId?: string;
  /** Events that may be posted by it. @default - any number */
  readonly rateLimit?: { readonly perSecond: number };
  /** @default - it does not end */
  readonly expiresAt?: string;
}

/** What changes: fields that are left out stay, null takes away. */
export interface TokenPatch {
  readonly name?: string;
  readonly rateLimit?: { readonly perSecond: number } | null;
  readonly expiresAt?: string | null;
}

/** A token has scopes, a portal token capabilities instead. */
export interface Token {
  readonly id: string;
  readonly applicationId: string;
  readonly name: string;
  readonly scopes?: readonly Scope[];
  readonly kind?: 'portal';
  readonly capabilities?: readonly Capability[];
  readonly rateLimit?: { readonly perSecond: number };
  readonly createdAt: string;
  readonly expiresAt?: string;
  /** Within some minutes. */
  readonly lastUsedAt?: string;
}

export type Capability =
  | 'endpoints:read'
  | 'endpoints:write'
  | 'deliveries:read'
  | 'deliveries:retry'
  | 'events:read'
  | 'secrets:read';

export interface NewPortalToken {
  /** @default portal */
  readonly name?: string;
  /** @default - those for endpoints and deliveries */
  readonly capabilities?: readonly Capability[];
  /** Milliseconds, a minute to a day. @default - an hour */
  readonly expiresIn?: number;
}

export interface NewEventType {
  readonly name: string;
  readonly description?: string;
  /** A JSON Schema (2020-12) that payloads must pass. */
  readonly schema?: unknown;
  readonly example?: unknown;
  /** Takes no events any more. */
  readonly archived?: boolean;
}

export interface EventType {
  readonly name: string;
  readonly applicationId: string;
  readonly description: string | null;
  readonly schema: unknown;
  readonly example: unknown;
  readonly archived: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}
