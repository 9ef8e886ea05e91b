import type { Circuit, CircuitBreakerConfig } from '#core/circuit/circuit.ts';
import type { Priority } from '#core/event/event.ts';
import type { FilterCost } from '#core/filter/cost.ts';
import type { Filter } from '#core/filter/filter.ts';
import type { SlotSequence } from '#core/rate-limit/slot.ts';
import type { GivenRetryConfig } from '#core/retry/retry-policy.ts';
import type { SignatureScheme } from '#core/signature/compat-v1.ts';

/** A signing secret. A rotation sets `expiresAt` (epoch ms) on the previous secrets. */
export interface SigningSecret {
  readonly value: string;
  readonly createdAt: number;
  readonly expiresAt?: number;
}

/** The part of an endpoint that may hold credentials. It is encrypted where it is stored. */
export interface EndpointCredentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly SigningSecret[];
}

/** The configuration of an endpoint. Times are epoch milliseconds, durations milliseconds. */
export interface Endpoint extends EndpointCredentials {
  readonly id: string;
  readonly applicationId: string;
  readonly name: string;
  readonly url: string;
  /** Event patterns: exact types, `prefix.*`, or `*`. */
  readonly events: readonly string[];
  readonly timeout: number;
  readonly priority: Priority;
  /** As it was sent, because a PATCH merges into it. `effectiveRetryPolicy` adds the defaults. */
  readonly retryConfig: GivenRetryConfig;
  readonly circuitBreaker: CircuitBreakerConfig;
  readonly rateLimit?: { readonly perSecond: number };
  readonly signatureHeader: string;
  /** Absent means standard. */
  readonly signatureScheme?: SignatureScheme | undefined;
  readonly filters?: Filter;
  /** What the filters cost, with this metadata; absent without filters. */
  readonly filterCost?: FilterCost;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** An endpoint as functions see it that may not decrypt its credentials. */
export type EndpointOutline = Omit<Endpoint, keyof EndpointCredentials>;

/** Names an endpoint and its application. */
export interface EndpointReference {
  readonly applicationId: string;
  readonly endpointId: string;
}

export type EndpointStatus = 'active' | 'paused' | 'disabled';

/** The state of an endpoint besides its configuration. */
export interface EndpointState {
  readonly status: EndpointStatus;
  /** Why the system disabled it, e.g. `410_gone`; absent when a person did. */
  readonly reason?: string;
  /** When the status last changed. */
  readonly since: number;
}

/** An endpoint as deliver and the API see it: configuration and state. */
export interface EndpointRecord<Configuration extends EndpointOutline = Endpoint> {
  readonly endpoint: Configuration;
  readonly state: EndpointState;
  /** Absent while nothing is known against it. */
  readonly circuit?: Circuit;
  /** Until when it is taken for slow, epoch milliseconds; absent while it never was. */
  readonly slowUntil?: number;
  /** The slots of its rate limit; absent until a delivery reserves one. */
  readonly slots?: SlotSequence;
}

/** An endpoint as all other functions see it. */
export type OutlineRecord = EndpointRecord<EndpointOutline>;
