import { lateBy } from '#core/rate-limit/slot.ts';
import {
  acknowledge,
  cancel,
  type Decision,
  die,
  divert,
  dueTime,
  go,
  hold,
  leave,
  leaveEarlier,
  moved,
  type Next,
  proceed,
  requeue,
} from './decision.ts';
import { type Delivery, isSettled } from './delivery.ts';
import type { Claim, FactOf } from './fact.ts';
import { isDue, usableSlot } from './reserved-slot.ts';

export function messageReceived(delivery: Delivery, fact: FactOf<'message_received'>, now: number): Decision {
  const { state } = delivery;
  if (fact.generation < delivery.generation) return leaveEarlier(delivery, fact.generation);
  if (isSettled(state)) return leave(delivery, state);
  if (fact.endpoint === 'deleted') return cancel(delivery, 'endpoint_deleted', now);
  if (fact.endpoint === 'disabled') return cancel(delivery, 'endpoint_disabled', now);
  // The watchdog index releases it.
  if (state.status === 'held') return acknowledge;
  if (state.status === 'attempting' && state.until > now) return requeue(state.until);
  if (fact.endpoint === 'paused') return hold(delivery, 'paused', dueTime(delivery), now);
  const slot = usableSlot(state, fact.limit);
  if (state.status === 'queued' && !isDue(state, slot, fact.limit, now)) return requeue(state.dueAt, slot);
  if (fact.circuit === 'wait') return hold(delivery, 'circuit', dueTime(delivery), now);
  // A probe as well, because it is the request that is most likely to get no answer.
  if (fact.divert) return divert;
  if (fact.limit === undefined) return claimed(delivery, fact, go(fact.circuit));
  const { patience } = fact.limit;
  if (slot === undefined) return proceed({ kind: 'reserve_slot', lost: 0, patience });
  const at = dueTime(delivery);
  return now > at + lateBy
    ? proceed({ kind: 'reserve_slot', lost: slot.lost + 1, lostAt: at, patience })
    : claimed(delivery, fact, { kind: 'await_slot', at, lost: slot.lost });
}

/** Takes the claim. A first attempt needs none, because it has no item: so a success costs a single write. */
export function claimed(
  delivery: Delivery,
  { firstReceive, claim }: { readonly firstReceive: boolean; readonly claim: Claim },
  next: Next,
): Decision {
  if (firstReceive && delivery.revision === 0) return proceed(next);
  const { id: claimId, until } = claim;
  return { ...proceed(next), store: moved(delivery, { status: 'attempting', claimId, until }) };
}

// Milliseconds. A message reaches quarantine after an hour or two of failures, most of which are an outage of what Hook0
// needs. With these waits its delivery outlasts an outage of 9 hours, and a message that crashes functions ends within a day.
const quarantineWaits = [15 * 60_000, 60 * 60_000, 4 * 60 * 60_000];

export function quarantined(delivery: Delivery, fact: FactOf<'quarantined'>, now: number): Decision {
  const { state } = delivery;
  if (fact.generation < delivery.generation) return leaveEarlier(delivery, fact.generation);
  if (state.status === 'dead') return leave(delivery, state);
  // A held delivery gets a new message when it is released, which may not crash.
  if (isSettled(state) || state.status === 'held') return acknowledge;
  if (state.status === 'attempting' && state.until > now) return requeue(state.until);
  const { quarantines = 0 } = delivery;
  const wait = quarantineWaits[quarantines];
  if (wait !== undefined) {
    const dueAt = Math.max(now + wait, dueTime(delivery));
    return hold({ ...delivery, quarantines: quarantines + 1 }, 'internal', dueAt, now);
  }
  return die(delivery, { reason: 'internal', at: now });
}
