import { inTurns } from '#core/concurrency/concurrency.ts';
import type { Delivery, DeliveryKey } from '#core/delivery/delivery.ts';
import type { EndpointReference } from '#core/endpoint/endpoint.ts';

/** What it touches outside this process to find endpoints that the scheduler should look at and does not. */
export interface WatchHeldPorts {
  delivery(endpointId: string, eventId: string): Promise<Delivery | undefined>;
  /** Consistent. Undefined for an endpoint that the scheduler does not look at. */
  watched(endpointId: string): Promise<object | undefined>;
  /** Makes the scheduler look at an endpoint every minute. */
  watch(endpoint: EndpointReference): Promise<void>;
  /** Called for each endpoint that it made the scheduler look at. */
  onForgotten(endpointId: string): void;
  /** Called for each endpoint that could not be checked. The others are. */
  onError(endpointId: string, error: unknown): void;
}

const atATime = 20;

/**
 * Makes the scheduler look at the endpoints that hold these deliveries, if it does not. It stops looking when it finds
 * nothing held some time after the cause ended, and an index that lags by more than that time hides what is held.
 */
export async function watchHeld(held: readonly DeliveryKey[], ports: WatchHeldPorts): Promise<void> {
  const oneEach = [...new Map(held.map((key) => [key.endpointId, key])).values()];
  await inTurns(oneEach, atATime, async ({ endpointId, eventId }) => {
    try {
      if (await ports.watched(endpointId)) return;
      const delivery = await ports.delivery(endpointId, eventId);
      if (!delivery) return;
      await ports.watch({ endpointId, applicationId: delivery.applicationId });
      ports.onForgotten(endpointId);
    } catch (error) {
      ports.onError(endpointId, error);
    }
  });
}
