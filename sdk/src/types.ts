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
  readonly deliveries: readonly Delivery[];
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

export interface Task {
  readonly id: string;
  readonly type: 'redrive' | 'replay';
  readonly status: 'queued' | 'running' | 'completed' | 'cancelled';
  readonly started: number;
  readonly skipped: number;
  readonly eventId?: string;
  readonly endpointId?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface NewApplication {
  /** `[a-z0-9][a-z0-9_-]{0,63}`. @default - one is made */
  readonly id?: string;
  readonly name: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type Scope = 'admin' | 'manage' | 'ingest' | 'read';

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: string;
}

export interface Token extends NewToken {
  readonly id: string;
  readonly applicationId: string;
  readonly createdAt: string;
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
