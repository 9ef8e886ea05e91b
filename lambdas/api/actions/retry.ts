import { lostAfter } from '#core/delivery/attention.ts';
import { newDelivery } from '#core/delivery/delivery.ts';
import { type DeliveryView, toApi } from '#core/delivery/delivery-view.ts';
import { type ReleasePorts, wakeUp } from '#core/delivery/release.ts';
import { isOnItsWay, restart, retryable } from '#core/delivery/restart.ts';
import { parseDeliveryId } from '#core/id/ids.ts';
import { Problem } from '#core/problem/problem.ts';
import type { Deliveries, Endpoints, Events } from '../ports.ts';
import type { EventDeliveries } from './event-deliveries.ts';

export interface RetryOptions {
  readonly endpoints: Pick<Endpoints, 'get'>;
  readonly events: Pick<Events, 'get'>;
  readonly deliveries: Pick<Deliveries, 'get' | 'store'>;
  readonly eventDeliveries: EventDeliveries;
  readonly wake: ReleasePorts['wake'];
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Starts a delivery of an application again, now. What is about to be attempted anyway stays as it is.
 *
 * @returns the delivery as it stands then; undefined when there is none
 * @throws Problem `wrong_state` for a delivery that succeeded, or whose endpoint takes nothing
 */
export type Retry = (applicationId: string, deliveryId: string) => Promise<DeliveryView | undefined>;

export function createRetry(options: RetryOptions): Retry {
  const { endpoints, events, deliveries, eventDeliveries, wake, now } = options;

  async function retryUnstored(applicationId: string, endpointId: string, eventId: string) {
    const event = await events.get(applicationId, eventId);
    const matched = event && (await eventDeliveries.matched(event, endpointId));
    if (!matched) return undefined;
    const view = eventDeliveries.undelivered(event, endpointId);
    if (!view) return undefined;
    await requireReachable(endpoints, applicationId, endpointId);
    if (now() - event.deliverAt >= lostAfter) {
      const lost = newDelivery({ applicationId, eventId, ...matched }, event.timestamp);
      await wake(lost, wakeUp(lost), 0);
    }
    return view;
  }

  return async (applicationId, deliveryId) => {
    const ids = parseDeliveryId(deliveryId);
    if (!ids) return undefined;
    const standing = await deliveries.get(ids.endpointId, ids.eventId);
    if (!standing) return retryUnstored(applicationId, ids.endpointId, ids.eventId);
    if (standing.applicationId !== applicationId) return undefined;
    if (standing.state.status === 'succeeded') throw succeeded(deliveryId, ids.eventId);
    await requireReachable(endpoints, applicationId, ids.endpointId);
    if (!(await events.get(applicationId, ids.eventId))) throw nothingToSend(ids.eventId);
    const at = now();
    const { kind, delivery } = await restart({ deliveries, wake }, standing, retryable(at, false), at);
    if (delivery.state.status === 'succeeded') throw succeeded(deliveryId, ids.eventId);
    if (kind === 'unchanged' && delivery.state.status === 'queued' && isOnItsWay(delivery, at)) {
      // The message of an earlier retry may not have been sent, if that one crashed.
      await wake(delivery, wakeUp(delivery), 0);
    }
    return toApi(delivery, at);
  };
}

/**
 * Deliver cancels whatever belongs to an endpoint that takes nothing, which nobody asks for who asks for a retry.
 *
 * @throws Problem `wrong_state`
 */
export async function requireReachable(
  endpoints: Pick<Endpoints, 'get'>,
  applicationId: string,
  endpointId: string,
): Promise<void> {
  const record = await endpoints.get(applicationId, endpointId);
  if (record !== undefined && record.state.status !== 'disabled') return;
  throw new Problem('wrong_state', {
    detail: record
      ? `endpoint ${endpointId} is disabled; enable it first`
      : `endpoint ${endpointId} was deleted`,
    accepted: 'an endpoint that is active or paused',
  });
}

const nothingToSend = (eventId: string): Problem =>
  new Problem('wrong_state', {
    detail: `event ${eventId} was deleted; there is nothing left to send`,
    accepted: 'a delivery whose event stands',
  });

const succeeded = (deliveryId: string, eventId: string): Problem =>
  new Problem('wrong_state', {
    detail: `delivery ${deliveryId} succeeded; to send it once more, name its endpoint in POST /api/events/${eventId}/replay`,
    accepted: 'a delivery that did not succeed',
  });
