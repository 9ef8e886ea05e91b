import type { Caller } from '#adapters/http-api/auth.ts';
import { newDelivery } from '#core/delivery/delivery.ts';
import { type DeliveryView, toApi } from '#core/delivery/delivery-view.ts';
import { wakeUp } from '#core/delivery/messages.ts';
import { isOnItsWay, restart, retryable } from '#core/delivery/restart.ts';
import { lostAfter } from '#core/delivery/watchdog.ts';
import { matchedEndpoint } from '#core/event/matched.ts';
import { parseDeliveryId } from '#core/id/ids.ts';
import { Problem } from '#core/problem/problem.ts';
import type { Services, Uses } from '../services.ts';
import { undelivered } from './event-deliveries.ts';
import { orUnavailable } from './queue-unavailable.ts';
import { requireReachable } from './require-reachable.ts';

const day = 24 * 60 * 60 * 1_000;

type RetryServices = Uses<'endpoints', 'outline'> &
  Uses<'events', 'get' | 'segment' | 'keep'> &
  Uses<'deliveries', 'get' | 'store'> &
  Pick<Services, 'wake' | 'now' | 'retentionDays'>;

/**
 * Starts a delivery of an application again, now. A delivery whose attempt is due or running anyway is left unchanged.
 *
 * @param hops how many webhooks led to the request
 * @returns the delivery after that; undefined when there is none
 * @throws Problem `wrong_state` for a delivery that succeeded, or whose endpoint is disabled or deleted
 */
export async function retry(
  services: RetryServices,
  { applicationId, hops }: Pick<Caller, 'applicationId' | 'hops'>,
  deliveryId: string,
): Promise<DeliveryView | undefined> {
  const { events, deliveries, now } = services;
  const ids = parseDeliveryId(deliveryId);
  if (!ids) return undefined;
  const standing = await deliveries.get(ids.endpointId, ids.eventId);
  if (!standing) return retryWithoutItem(services, applicationId, ids);
  if (standing.applicationId !== applicationId) return undefined;
  if (standing.state.status === 'succeeded') throw succeeded(deliveryId, ids.eventId);
  await requireReachable(services, applicationId, ids.endpointId);
  if (!(await events.get(applicationId, ids.eventId))) throw nothingToSend(ids.eventId);
  const at = now();
  const wake: Services['wake'] = (...message) => orUnavailable(services.wake(...message));
  const retention = services.retentionDays * day;
  const ports = { deliveries, wake, keepEvent: events.keep, retention };
  const { kind, delivery } = await restart(ports, standing, retryable(at, false), at, { hops });
  if (delivery.state.status === 'succeeded') throw succeeded(deliveryId, ids.eventId);
  if (kind === 'unchanged' && delivery.state.status === 'queued' && isOnItsWay(delivery, at)) {
    // An earlier retry may have crashed before it sent its message.
    await wake(delivery, wakeUp(delivery), 0);
  }
  return toApi(delivery, at);
}

/** Sends the message of a first attempt again when it seems lost. */
async function retryWithoutItem(
  services: RetryServices,
  applicationId: string,
  { endpointId, eventId }: { readonly endpointId: string; readonly eventId: string },
): Promise<DeliveryView | undefined> {
  const { events, now } = services;
  const event = await events.get(applicationId, eventId);
  const matched = event && (await matchedEndpoint(event, endpointId, events.segment));
  if (!matched) return undefined;
  const view = undelivered(services, event, endpointId);
  if (!view) return undefined;
  await requireReachable(services, applicationId, endpointId);
  if (now() - event.deliverAt >= lostAfter) {
    const lost = newDelivery({ applicationId, eventId, ...matched }, event.timestamp);
    await orUnavailable(services.wake(lost, wakeUp(lost), 0));
  }
  return view;
}

const nothingToSend = (eventId: string): Problem =>
  new Problem('wrong_state', {
    detail: `event ${eventId} was deleted, so there is no payload to send`,
    accepted: 'a delivery whose event exists',
  });

const succeeded = (deliveryId: string, eventId: string): Problem =>
  new Problem('wrong_state', {
    detail: `delivery ${deliveryId} succeeded; to send it again, name its endpoint in POST /api/events/${eventId}/replay`,
    accepted: 'a delivery that did not succeed',
  });
