import { cleanCircuit } from '#core/circuit/circuit.ts';
import type { OutlineRecord } from '#core/endpoint/endpoint.ts';
import { deliveryId } from '#core/id/ids.ts';

/** What happens to endpoints and deliveries, for rules of the operator. Never carries a secret or a payload. */
export type LifecycleEvent =
  | {
      /** Hook0 disabled the endpoint. A status that is set through the API is not announced. */
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
      /** Counts the openings; a closing has the number of its opening. */
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

/** The version of the published shapes. */
const detailVersion = 1;

/** The same each time the same thing is announced, so that a receiver recognises repeats. */
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

/** The published event without its type, which EventBridge has as a field. Times are ISO 8601. */
export function lifecycleDetail(event: LifecycleEvent): Readonly<Record<string, string | number>> {
  const { type, ...rest } = event;
  const common = { id: lifecycleId(event), version: detailVersion, ...rest };
  if ('since' in event) return { ...common, since: new Date(event.since).toISOString() };
  return 'eventId' in event ? { ...common, deliveryId: deliveryId(event.endpointId, event.eventId) } : common;
}

// The function that changes an endpoint's state announces the change at once. If it did not after this time, it crashed.
const announcedWithin = 30_000;

/**
 * What happened to an endpoint last, if that was not announced.
 *
 * @param announced the id of its last announced event
 */
export function unannounced(
  record: OutlineRecord,
  announced: string | undefined,
  now: number,
): LifecycleEvent | undefined {
  const event = lastEvent(record, announced);
  if (event === undefined || lifecycleId(event) === announced) return undefined;
  const { state, circuit } = record;
  const since = state.status === 'disabled' ? state.since : (circuit?.since ?? 0);
  return now - since > announcedWithin ? event : undefined;
}

function lastEvent(
  { endpoint, state, circuit = cleanCircuit }: OutlineRecord,
  announced: string | undefined,
): LifecycleEvent | undefined {
  const of = { applicationId: endpoint.applicationId, endpointId: endpoint.id };
  if (state.status === 'disabled') {
    const { reason, since } = state;
    return reason === undefined ? undefined : { type: 'endpoint.disabled', ...of, reason, since };
  }
  const { epoch } = circuit;
  if (circuit.state === 'open') {
    return endpoint.circuitBreaker.enabled ? { type: 'circuit.opened', ...of, epoch } : undefined;
  }
  // A closing is announced only after its opening was.
  const isOpeningAnnounced = announced?.startsWith('circuit.opened:') === true;
  return isOpeningAnnounced ? { type: 'circuit.closed', ...of, epoch: epoch - 1 } : undefined;
}
