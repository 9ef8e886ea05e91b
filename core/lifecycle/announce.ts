import { type LifecycleEvent, lifecycleId } from './lifecycle-event.ts';

/** The bus that rules listen to. */
export interface LifecycleBus {
  /** Rejects when the bus refuses the event. */
  publish(event: LifecycleEvent): Promise<void>;
}

export interface AnnouncedEvents {
  /** Notes on the watched endpoint that the event was published. */
  announced(endpointId: string, id: string): Promise<void>;
}

/**
 * Publishes a lifecycle event of an endpoint, then notes that it was published. The scheduler publishes again what a crash
 * kept from being noted, so each event is published at least once.
 */
export function createAnnounce(lifecycle: LifecycleBus, attention: AnnouncedEvents) {
  return async (event: LifecycleEvent): Promise<void> => {
    await lifecycle.publish(event);
    await attention.announced(event.endpointId, lifecycleId(event));
  };
}

/** Publishes that a delivery is cancelled because its hold expired. */
export const announceExpiry = (
  lifecycle: LifecycleBus,
  {
    applicationId,
    endpointId,
    eventId,
    generation,
  }: {
    readonly applicationId: string;
    readonly endpointId: string;
    readonly eventId: string;
    readonly generation: number;
  },
): Promise<void> =>
  lifecycle.publish({
    type: 'delivery.cancelled',
    applicationId,
    endpointId,
    eventId,
    generation,
    reason: 'expired',
  });
