import { transition } from '#core/concurrency/transition.ts';
import type { MatchedEndpoint } from '#core/event/event.ts';
import { decide } from './decide.ts';
import { type Delivery, hasAnswer, withoutAnswer } from './delivery.ts';
import { type Deliveries, unstored } from './transition.ts';

/** An event that was deleted. */
interface DeletedEvent {
  readonly applicationId: string;
  readonly id: string;
}

/**
 * Cancels the delivery of a deleted event, unless it is settled, and removes what its endpoint answered, because an answer
 * may repeat what was sent. A delivery without an item gets one, so that the receiver of its message finds it cancelled.
 * Only a first message within its first minute is sent without reading the item.
 *
 * @param stored as it was read, undefined without an item
 * @returns whether this call cancelled it
 * @throws Error when other functions keep changing the delivery
 */
export async function endWithEvent(
  deliveries: Pick<Deliveries, 'store'>,
  { applicationId, id: eventId }: DeletedEvent,
  matched: MatchedEndpoint,
  stored: Delivery | undefined,
  now: number,
): Promise<boolean> {
  const { decision } = await transition(
    `the delivery of ${eventId} to ${matched.endpointId}`,
    stored,
    (delivery = unstored({ applicationId, eventId, ...matched }, now)) => {
      const { store } = decide(delivery, { kind: 'event_missing' }, now, 0);
      if (!store && !delivery.attempts.some(hasAnswer)) return { isCancelled: false };
      const next = store ?? { ...delivery, revision: delivery.revision + 1 };
      const attempts = next.attempts.map(withoutAnswer);
      return { store: { ...next, attempts }, isCancelled: store !== undefined };
    },
    deliveries.store,
  );
  return decision.isCancelled;
}
