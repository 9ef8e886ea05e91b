import { cleanCircuit } from '#core/circuit/circuit.ts';
import { circuitView } from '#core/circuit/circuit-view.ts';
import { maskHeaders } from '#core/outbound/header-mask.ts';
import { maskUrl } from '#core/outbound/url-mask.ts';
import { effectiveRetryPolicy } from '#core/retry/retry-policy.ts';
import { iso } from '#core/validation/instant.ts';
import type { ViewOf } from '#core/validation/view-schemas.ts';
import type { EndpointRecord } from './endpoint.ts';
import type { endpointViewSchema } from './endpoint-view-schema.ts';

/** An endpoint as the API shows it: everything in force, without its secret. */
export type EndpointView = ViewOf<typeof endpointViewSchema>;

/**
 * @param now epoch milliseconds
 * @param showsUrl whether the caller may read what is secret in the URL
 */
export function endpointView(
  { endpoint, state, circuit }: EndpointRecord,
  now: number,
  showsUrl = false,
): EndpointView {
  const { retryConfig, rateLimit, filters } = endpoint;
  return {
    id: endpoint.id,
    applicationId: endpoint.applicationId,
    name: endpoint.name,
    url: showsUrl ? endpoint.url : maskUrl(endpoint.url),
    events: endpoint.events,
    headers: maskHeaders(endpoint.headers),
    timeout: endpoint.timeout,
    priority: endpoint.priority,
    retryConfig: effectiveRetryPolicy(retryConfig),
    circuitBreaker: endpoint.circuitBreaker,
    circuit: circuitView(circuit ?? cleanCircuit, now),
    rateLimit: rateLimit ?? null,
    security: {
      signatureHeader: endpoint.signatureHeader,
      signatureScheme: endpoint.signatureScheme ?? 'standard',
    },
    filters: filters ?? null,
    metadata: endpoint.metadata,
    status: state.status,
    statusReason: state.reason,
    statusSince: iso(state.since),
    createdAt: iso(endpoint.createdAt),
    updatedAt: iso(endpoint.updatedAt),
  };
}
