import type { DeliveryMessage } from '#core/message/message.ts';
import { attentionOf } from './attention.ts';
import { decide } from './decide.ts';
import type { Delivery } from './delivery.ts';

/** What releasing needs of the outside. */
export interface ReleasePorts {
  readonly deliveries: {
    get(endpointId: string, eventId: string): Promise<Delivery | undefined>;
    store(next: Delivery): Promise<'stored' | { readonly standing: Delivery | undefined }>;
  };
  /** Queues a wake-up; rejects when the queue refuses it. */
  wake(delivery: Delivery, message: DeliveryMessage, delay: number): Promise<void>;
}

export function wakeUp(delivery: Delivery): DeliveryMessage {
  return {
    v: 1,
    kind: 'delivery',
    applicationId: delivery.applicationId,
    endpointId: delivery.endpointId,
    eventId: delivery.eventId,
    priority: delivery.priority,
    generation: delivery.generation,
    first: false,
  };
}

/**
 * Lets a delivery go on that waits outside the queues, or whose message seems lost.
 *
 * Reads the item itself, since the index that led here may be stale, and leaves alone what is not asked for by
 * `wanted`. The state moves first and the message follows: a crash in between leaves it queued and watched.
 *
 * @returns whether it was released
 * @throws Error when the queue refuses the wake-up; then the delivery waits as before, for the next pass to try again
 */
export async function release(
  ports: ReleasePorts,
  of: { readonly endpointId: string; readonly eventId: string },
  wanted: (delivery: Delivery) => boolean,
  now: number,
): Promise<boolean> {
  const delivery = await ports.deliveries.get(of.endpointId, of.eventId);
  if (!delivery || !wanted(delivery)) return false;
  const decision = decide(delivery, { kind: 'released' }, now, 0);
  if (!decision.store) return false;
  // Somebody else moved it meanwhile: then it is theirs to see through.
  if ((await ports.deliveries.store(decision.store)) !== 'stored') return false;
  for (const command of decision.commands) {
    if (command.kind === 'wake') await wakeOrGiveBack(ports, delivery, decision.store, command.delay);
  }
  return true;
}

async function wakeOrGiveBack(
  ports: ReleasePorts,
  before: Delivery,
  queued: Delivery,
  delay: number,
): Promise<void> {
  try {
    await ports.wake(queued, wakeUp(queued), delay);
  } catch (error) {
    // Else it would count as queued, and nobody would look again for a quarter of an hour. Should the message have
    // gone out all the same, it finds the delivery held and is acknowledged.
    await ports.deliveries.store({ ...before, revision: queued.revision + 1 });
    throw error;
  }
}

/**
 * Ends a delivery that a pause or an open circuit has held for too long.
 *
 * @param tell told before it ends: a crash in between tells it twice, while the other way round nobody would be told
 * @returns it as it ended, or undefined when it may go on
 */
export async function endExpiredHold(
  { deliveries }: Pick<ReleasePorts, 'deliveries'>,
  of: { readonly endpointId: string; readonly eventId: string },
  tell: (ended: Delivery) => Promise<void>,
  now: number,
): Promise<Delivery | undefined> {
  const delivery = await deliveries.get(of.endpointId, of.eventId);
  const { store } = delivery ? decide(delivery, { kind: 'hold_expired' }, now, 0) : {};
  if (!store) return undefined;
  await tell(store);
  return (await deliveries.store(store)) === 'stored' ? store : undefined;
}

/** Wants what the index says is due by `until` (epoch ms). */
export const dueBy =
  (until: number) =>
  (delivery: Delivery): boolean => {
    const attention = attentionOf(delivery);
    return attention?.key.startsWith('DUE#') === true && attention.at <= until;
  };
