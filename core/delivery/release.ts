import type { DeliveryMessage } from '#core/message/message.ts';
import { decide } from './decide.ts';
import { moved } from './decision.ts';
import type { Delivery } from './delivery.ts';
import { wakeUp } from './messages.ts';
import type { Deliveries } from './transition.ts';
import { watchdogEntryOf } from './watchdog.ts';

/** What a release touches outside this process. */
export interface ReleasePorts {
  readonly deliveries: Deliveries;
  /** Queues a wake-up; rejects when the queue refuses it. */
  wake(delivery: Delivery, message: DeliveryMessage, delay: number): Promise<void>;
}

/**
 * Releases a delivery that waits outside the queues, or whose message seems lost.
 *
 * Reads the item, because the index that led here may be stale, and releases only what `wanted` accepts. The state moves
 * first and the message follows: a crash in between leaves it queued and watched.
 *
 * @param isProbe as the probe of its endpoint's circuit
 * @returns whether it was released
 * @throws Error when the queue refuses the wake-up; then the delivery is held as due, and the scheduler's next run tries again
 */
export async function release(
  ports: ReleasePorts,
  of: { readonly endpointId: string; readonly eventId: string },
  wanted: (delivery: Delivery) => boolean,
  now: number,
  { isProbe = false }: { readonly isProbe?: boolean } = {},
): Promise<boolean> {
  const delivery = await ports.deliveries.get(of.endpointId, of.eventId);
  if (!delivery || !wanted(delivery)) return false;
  const decision = decide(delivery, { kind: 'released', isProbe }, now, 0);
  if (!decision.store) return false;
  // Another function moved it, and carries out what follows.
  if ((await ports.deliveries.store(decision.store)) !== 'stored') return false;
  for (const command of decision.commands) {
    if (command.kind === 'wake') await wakeOrGiveBack(ports, decision.store, command.delay, now);
  }
  return true;
}

async function wakeOrGiveBack(
  ports: ReleasePorts,
  queued: Delivery,
  delay: number,
  now: number,
): Promise<void> {
  try {
    await ports.wake(queued, wakeUp(queued), delay);
  } catch (error) {
    // Otherwise it would count as queued, and the next check would come after a quarter of an hour. If the message was
    // sent nevertheless, its receiver finds the delivery held and acknowledges it. It does not go back to the pause or
    // the circuit that held it, because that may have ended, and then nothing may look at its endpoint any more.
    const { state } = queued;
    if (state.status === 'queued') {
      const { dueAt, slot } = state;
      const held = { status: 'held', heldFor: 'internal', since: now, dueAt, slot } as const;
      await ports.deliveries.store(moved(queued, held));
    }
    throw error;
  }
}

/**
 * Cancels a delivery that a pause or an open circuit has held for too long.
 *
 * @param notify called before it is cancelled: a crash in between repeats the call, in the other order it would lose it
 * @returns the cancelled delivery, or undefined when it may go on
 */
export async function endExpiredHold(
  { deliveries }: Pick<ReleasePorts, 'deliveries'>,
  of: { readonly endpointId: string; readonly eventId: string },
  notify: (ended: Delivery) => Promise<void>,
  now: number,
): Promise<Delivery | undefined> {
  const delivery = await deliveries.get(of.endpointId, of.eventId);
  const { store } = delivery ? decide(delivery, { kind: 'hold_expired' }, now, 0) : {};
  if (!store) return undefined;
  await notify(store);
  return (await deliveries.store(store)) === 'stored' ? store : undefined;
}

/** Accepts what the watchdog index lists as due by `until` (epoch ms). */
export const dueBy =
  (until: number) =>
  (delivery: Delivery): boolean => {
    const entry = watchdogEntryOf(delivery);
    return entry?.key.startsWith('DUE#') === true && entry.at <= until;
  };
