import {
  type CircuitBreakerConfig,
  type CircuitView,
  circuitView,
  cleanCircuit,
} from '#core/circuit/circuit.ts';
import type { Priority } from '#core/event/event.ts';
import type { Filter } from '#core/filter/filter.ts';
import { maskHeaders } from '#core/outbound/header-mask.ts';
import { effectiveRetryPolicy, type RetryPolicy } from '#core/retry/retry-policy.ts';
import type { SignatureScheme } from '#core/signature/compat-v1.ts';
import type { EndpointRecord, EndpointStatus } from './endpoint.ts';

/** An endpoint as the API shows it: everything in force, no secret, times ISO 8601, durations milliseconds. */
export interface EndpointView {
  readonly id: string;
  readonly applicationId: string;
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  /** Values of headers that look like credentials, by name or by value, are masked. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly priority: Priority;
  readonly retryConfig: RetryPolicy;
  readonly circuitBreaker: CircuitBreakerConfig;
  readonly circuit: CircuitView;
  readonly rateLimit: { readonly perSecond: number } | null;
  readonly security: { readonly signatureHeader: string; readonly signatureScheme: SignatureScheme };
  readonly filters: Filter | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly status: EndpointStatus;
  /** Why it is disabled, when the system did it. */
  readonly statusReason?: string;
  readonly statusSince: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** @param now epoch milliseconds */
export function endpointView({ endpoint, state, circuit }: EndpointRecord, now: number): EndpointView {
  const { id, applicationId, name, url, events, timeout, priority, circuitBreaker, metadata } = endpoint;
  return {
    ...{ id, applicationId, name, url, events },
    headers: maskHeaders(endpoint.headers),
    ...{ timeout, priority },
    retryConfig: effectiveRetryPolicy(endpoint.retryConfig),
    circuitBreaker,
    circuit: circuitView(circuit ?? cleanCircuit, now),
    rateLimit: endpoint.rateLimit ?? null,
    security: {
      signatureHeader: endpoint.signatureHeader,
      signatureScheme: endpoint.signatureScheme ?? 'standard',
    },
    filters: endpoint.filters ?? null,
    metadata,
    status: state.status,
    ...(state.reason === undefined ? {} : { statusReason: state.reason }),
    statusSince: iso(state.since),
    createdAt: iso(endpoint.createdAt),
    updatedAt: iso(endpoint.updatedAt),
  };
}

const iso = (time: number): string => new Date(time).toISOString();
