import { isNear, mostLost } from '#core/rate-limit/slot.ts';
import { claimed } from './decide-message.ts';
import {
  announceExpiry,
  cancel,
  type Decision,
  go,
  hold,
  longestHold,
  longestQueuedWait,
  moved,
  proceed,
  requeue,
  stored,
} from './decision.ts';
import type { Delivery } from './delivery.ts';
import type { FactOf } from './fact.ts';

export function slotReserved(delivery: Delivery, fact: FactOf<'slot_reserved'>, now: number): Decision {
  const { at, lost, limit, claim } = fact;
  if (at - now > longestHold)
    return { ...cancel(delivery, 'expired', now), commands: announceExpiry.commands };
  if (lost < mostLost && isNear(at, limit, lost, now)) {
    const next = { kind: 'await_slot', at, lost } as const;
    const { state } = delivery;
    const isClaimed = state.status === 'attempting' && state.claimId === claim.id;
    return isClaimed ? proceed(next) : claimed(delivery, fact, next);
  }
  // The queue was late so often that it would be late again: the delivery reserves another slot in a minute.
  if (lost >= mostLost) return hold(delivery, 'rate_limit', Math.max(at, now + longestQueuedWait), now);
  const slot = { perSecond: limit.perSecond, lost, since: now };
  return at - now <= longestQueuedWait
    ? { ...requeue(at, slot), store: moved(delivery, { status: 'queued', dueAt: at, slot }) }
    : stored(moved(delivery, { status: 'held', heldFor: 'rate_limit', since: now, dueAt: at, slot }));
}

export const slotReached = ({ circuit }: FactOf<'slot_reached'>): Decision => proceed(go(circuit));

/** The function has waited for one slot. A further one that is not free at once is awaited in the queue. */
export const slotMissed = ({ at, lost }: FactOf<'slot_missed'>): Decision =>
  proceed({ kind: 'reserve_slot', lost: lost + 1, lostAt: at, patience: 0 });
