import { cleanCircuit } from '#core/circuit/circuit.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { deliveryId } from '#core/id/ids.ts';

/** What happens to endpoints and deliveries that somebody may want a rule for. Never carries a secret or a payload. */
export type LifecycleEvent =
  | {
      /** The system disabled it; by hand whoever did it knows. */
      readonly type: 'endpoint.disabled';
      readonly applicationId: string;
      readonly endpointId: string;
      readonly reason: string;
      /** Since when, epoch milliseconds. */
      readonly since: number;
    }
  | {
      readonly type: 'circuit.opened' | 'circuit.closed';
      readonly applicationId: string;
      readonly endpointId: string;
      /** Counts the openings: a closing has the number of its opening. */
      readonly epoch: number;
    }
  | {
      readonly type: 'delivery.cancelled' | 'delivery.dead';
      readonly applicationId: string;
      readonly endpointId: string;
      readonly eventId: string;
      readonly generation: number;
      readonly reason: string;
    };

/** The version of the shapes that leave the system. */
const detailVersion = 1;

/** The same for every announcement of the same thing, so that whoever receives it twice can tell. */
export function lifecycleId(event: LifecycleEvent): string {
  switch (event.type) {
    case 'endpoint.disabled':
      return `${event.type}:${event.endpointId}:${event.since}`;
    case 'circuit.opened':
    case 'circuit.closed':
      return `${event.type}:${event.endpointId}:${event.epoch}`;
    default:
      return `${event.type}:${deliveryId(event.endpointId, event.eventId)}:${event.generation}`;
  }
}

/** The event as it leaves, without its type: that stands beside it. Times are ISO 8601. */
export function lifecycleDetail(event: LifecycleEvent): Readonly<Record<string, string | number>> {
  const { type, ...rest } = event;
  const common = { id: lifecycleId(event), version: detailVersion, ...rest };
  if ('since' in event) return { ...common, since: new Date(event.since).toISOString() };
  return 'eventId' in event ? { ...common, deliveryId: deliveryId(event.endpointId, event.eventId) } : common;
}

// Whoever changes an endpoint's state announces it right afterwards. What was not, so long after, was cut off by a crash.
const announcedWithin = 30_000;

/**
 * What happened to an endpoint and was not announced, as far as is known; undefined for nothing.
 *
 * @param announced the id of what was announced last of it
 */
export function unannounced(
  { endpoint, state, circuit = cleanCircuit }: EndpointRecord,
  announced: string | undefined,
  now: number,
): LifecycleEvent | undefined {
  const of = { applicationId: endpoint.applicationId, endpointId: endpoint.id };
  const event = ((): LifecycleEvent | undefined => {
    if (state.status === 'disabled') {
      const { reason, since } = state;
      return reason === undefined ? undefined : { type: 'endpoint.disabled', ...of, reason, since };
    }
    const { epoch } = circuit;
    if (circuit.state === 'open') {
      return endpoint.circuitBreaker.enabled ? { type: 'circuit.opened', ...of, epoch } : undefined;
    }
    // Only who heard of the opening waits for the closing.
    return announced?.startsWith('circuit.opened:')
      ? { type: 'circuit.closed', ...of, epoch: epoch - 1 }
      : undefined;
  })();
  if (event === undefined || lifecycleId(event) === announced) return undefined;
  const since = state.status === 'disabled' ? state.since : (circuit.since ?? 0);
  return now - since > announcedWithin ? event : undefined;
}
