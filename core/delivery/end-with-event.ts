import type { MatchedEndpoint } from '#core/event/event.ts';
import { timeOf } from '#core/id/ids.ts';
import { decide } from './decide.ts';
import { type Delivery, hasAnswer, newDelivery, withoutAnswer } from './delivery.ts';
import type { ReleasePorts } from './release.ts';

/** An event that was deleted. */
interface DeletedEvent {
  readonly applicationId: string;
  readonly id: string;
}

// Each lost race means somebody else moved the delivery on; more than a few in one go is trouble of our own.
const mostRaces = 5;

/**
 * Ends the delivery of a deleted event, unless it is settled, and forgets what its endpoint answered: an answer may repeat
 * what it was sent. One that has no item yet gets one: whoever receives its message and looks, as all do but the very
 * first of an event without a delay within a minute, finds it cancelled.
 *
 * @param stored as it was read, undefined without an item
 * @returns whether this ended it
 * @throws Error when others keep changing the delivery
 */
export async function endWithEvent(
  deliveries: Pick<ReleasePorts['deliveries'], 'store'>,
  { applicationId, id: eventId }: DeletedEvent,
  matched: MatchedEndpoint,
  stored: Delivery | undefined,
  now: number,
): Promise<boolean> {
  const unstored = () => newDelivery({ applicationId, eventId, ...matched }, Math.min(timeOf(eventId), now));
  let delivery = stored ?? unstored();
  for (let races = 0; races < mostRaces; races += 1) {
    const { store } = decide(delivery, { kind: 'event_missing' }, now, 0);
    if (!store && !delivery.attempts.some(hasAnswer)) return false;
    const next = store ?? { ...delivery, revision: delivery.revision + 1 };
    const outcome = await deliveries.store({ ...next, attempts: next.attempts.map(withoutAnswer) });
    if (outcome === 'stored') return store !== undefined;
    delivery = outcome.standing ?? unstored();
  }
  throw new Error(
    `delivery of ${eventId} to ${matched.endpointId} changed ${mostRaces} times while it was ended`,
  );
}
