import { outcomeOf } from '#core/attempt/outcome.ts';
import { isNear, lateBy, mostLost, queuedFor, type Slot } from '#core/rate-limit/slot.ts';
import { backoff } from '#core/retry/retry-policy.ts';
import {
  type CancelReason,
  type DeathReason,
  type Delivery,
  type DeliveryState,
  type HeldFor,
  isHeldByCause,
  isSettled,
  withoutAnswer,
} from './delivery.ts';
import type { Command, Decision, Fact } from './fact.ts';
import { recordAttempt } from './record-attempt.ts';
import { isDue, usableSlot } from './reserved-slot.ts';

const acknowledge: Decision = { commands: [], message: 'acknowledge' };
const expiryAnnounced: Decision = { commands: [{ kind: 'announce-expiry' }], message: 'acknowledge' };
// Nothing is stored: what waits in the slow queue is as due as before, and whoever receives it there looks at the item.
const divert: Decision = { commands: [{ kind: 'divert' }], message: 'acknowledge' };

// Waits up to a minute stay in the retry queue, where they cost nothing more; longer ones would fill the
// queue's in-flight limit and are held in the table instead.
export const longestQueuedWait = 60_000;
const longestRetryAfter = 24 * 60 * 60_000;
/** Milliseconds that a pause or an open circuit may hold a delivery: its event is kept for a week more than that. */
export const longestHold = 14 * 24 * 60 * 60_000;

/**
 * Decides what becomes of a delivery. Pure: the same arguments give the same decision, so every step can be
 * repeated after a crash.
 *
 * @param random in [0, 1), for jitter
 */
export function decide(delivery: Delivery, fact: Fact, now: number, random: number): Decision {
  switch (fact.kind) {
    case 'message_received':
      return messageReceived(delivery, fact, now);
    case 'attempted':
      return attempted(delivery, fact, now, random);
    case 'slot_reserved':
      return slotReserved(delivery, fact, now);
    case 'preempted':
      return releaseClaim(delivery, fact.claimId, now, divert);
    case 'requeued':
      // Its message comes again at once and decides by what the endpoint says now.
      return releaseClaim(delivery, fact.claimId, now, wait(now));
    case 'superseded':
      return superseded(delivery, now);
    case 'released':
      return released(delivery, now);
    case 'probe_denied':
      return probeDenied(delivery, fact, now);
    case 'hold_expired':
      return holdExpired(delivery, now);
    case 'restart_requested':
      return restartRequested(delivery, fact, now);
    case 'quarantined':
      return quarantined(delivery, fact, now);
    case 'event_missing':
      return isSettled(delivery.state) ? acknowledge : cancel(delivery, 'event_deleted', now);
  }
}

function messageReceived(
  delivery: Delivery,
  fact: Extract<Fact, { kind: 'message_received' }>,
  now: number,
): Decision {
  const { state } = delivery;
  // An older generation's message has nothing more to say: the newer one has its own.
  if (fact.generation < delivery.generation) return acknowledge;
  if (state.status === 'dead')
    return { commands: deathCommands(state.reason, state.settledAt), message: 'acknowledge' };
  // By the scheduler too, which announced it before; telling it twice is harmless.
  if (state.status === 'cancelled' && state.reason === 'expired') return expiryAnnounced;
  if (isSettled(state)) return acknowledge;
  if (fact.endpoint === 'deleted') return cancel(delivery, 'endpoint_deleted', now);
  if (fact.endpoint === 'disabled') return cancel(delivery, 'endpoint_disabled', now);
  // Whoever holds it has arranged for it to be released.
  if (state.status === 'held') return acknowledge;
  if (state.status === 'attempting' && state.until > now) return wait(state.until);
  if (fact.endpoint === 'paused') return hold(delivery, 'paused', dueTime(delivery), now);
  const slot = usableSlot(state, fact.limit);
  if (state.status === 'queued' && !isDue(state, slot, fact.limit, now)) return wait(state.dueAt, slot);
  if (fact.circuit === 'wait') return hold(delivery, 'circuit', dueTime(delivery), now);
  // A probe as well: it is the request of all that is most likely to hang.
  if (fact.divert) return divert;
  if (fact.limit === undefined) return claimed(delivery, fact, 'attempt');
  if (slot === undefined) return { commands: [], message: { reserve: 0 } };
  const { lost } = slot;
  return now > dueTime(delivery) + lateBy
    ? { commands: [], message: { reserve: lost + 1, lostAt: dueTime(delivery) } }
    : claimed(delivery, fact, { attemptAt: dueTime(delivery), lost });
}

function claimed(
  delivery: Delivery,
  fact: { readonly firstReceive: boolean; readonly claim: { readonly id: string; readonly until: number } },
  message: Decision['message'],
): Decision {
  // A first attempt needs no claim: it has no item, and a success then costs a single write.
  if (fact.firstReceive && delivery.revision === 0) return { commands: [], message };
  const { id: claimId, until } = fact.claim;
  return { store: next(delivery, { status: 'attempting', claimId, until }), commands: [], message };
}

const hasClaim = (state: DeliveryState, claim: { readonly id: string }): boolean =>
  state.status === 'attempting' && state.claimId === claim.id;

function slotReserved(
  delivery: Delivery,
  fact: Extract<Fact, { kind: 'slot_reserved' }>,
  now: number,
): Decision {
  const { at, lost, limit } = fact;
  if (at - now > longestHold) return { ...cancel(delivery, 'expired', now), ...expiryAnnounced };
  if (lost < mostLost && isNear(at, limit, lost, now))
    return hasClaim(delivery.state, fact.claim)
      ? { commands: [], message: { attemptAt: at, lost } }
      : claimed(delivery, fact, { attemptAt: at, lost });
  const slot = { perSecond: limit.perSecond, lost, since: now };
  // The queue was late so often that it would be again: the delivery asks for another place in a minute.
  if (lost >= mostLost) return hold(delivery, 'rate_limit', Math.max(at, now + longestQueuedWait), now);
  return at - now <= longestQueuedWait
    ? {
        store: next(delivery, { status: 'queued', dueAt: at, slot }),
        commands: [],
        message: { waitUntil: at, slot },
      }
    : {
        store: next(delivery, { status: 'held', heldFor: 'rate_limit', since: now, dueAt: at, slot }),
        commands: [],
        message: 'acknowledge',
      };
}

function attempted(
  delivery: Delivery,
  fact: Extract<Fact, { kind: 'attempted' }>,
  now: number,
  random: number,
): Decision {
  const outcome = outcomeOf(fact.result, fact.policy.retryableStatuses);
  const { state } = delivery;
  // Success settles: whatever else was decided meanwhile, the receiver has the event.
  if (outcome.verdict === 'succeeded') {
    if (state.status === 'succeeded') return acknowledge;
    const recorded = recordAttempt(delivery, fact, { success: true, retryable: false });
    const isDeleted = state.status === 'cancelled' && state.reason === 'event_deleted';
    const attempts = isDeleted ? recorded.attempts.map(withoutAnswer) : recorded.attempts;
    return {
      store: next({ ...delivery, ...recorded, attempts }, { status: 'succeeded', settledAt: now }),
      commands: [],
      message: 'acknowledge',
    };
  }
  if (isSettled(state)) return acknowledge;
  if (outcome.verdict === 'dead') {
    return die(delivery, fact, outcome.reason, now);
  }
  if (delivery.attemptCount + 1 >= fact.policy.maxAttempts) return die(delivery, fact, 'exhausted', now);
  const planned = backoff(fact.policy, delivery.attemptCount + 1, random);
  // Retry-After can only delay: a receiver cannot make us hurry, and not hold us longer than a day.
  const delay = Math.max(planned, Math.min(outcome.retryAfter ?? 0, longestRetryAfter));
  const dueAt = now + delay;
  const attempts = recordAttempt(delivery, fact, { success: false, retryable: true, nextAttemptAt: dueAt });
  const failed = { ...delivery, ...attempts };
  return delay <= longestQueuedWait
    ? { store: next(failed, { status: 'queued', dueAt }), commands: [], message: { waitUntil: dueAt } }
    : {
        store: next(failed, { status: 'held', heldFor: 'backoff', since: now, dueAt }),
        commands: [],
        message: 'acknowledge',
      };
}

/** Nothing came of a claim, if one was taken: whoever gets the message next need not wait for its end. */
function releaseClaim(delivery: Delivery, claimId: string, now: number, then: Decision): Decision {
  const { state } = delivery;
  if (delivery.revision === 0) return then;
  if (state.status !== 'attempting' || state.claimId !== claimId) return superseded(delivery, now);
  return { ...then, store: next(delivery, { status: 'queued', dueAt: now }) };
}

function superseded(delivery: Delivery, now: number): Decision {
  const { state } = delivery;
  if (isSettled(state) || state.status === 'held') return acknowledge;
  return wait(Math.max(now, dueTime(delivery)));
}

function released(delivery: Delivery, now: number): Decision {
  const { state } = delivery;
  if (isSettled(state)) return acknowledge;
  const dueAt = Math.max(now, dueTime(delivery));
  // A place whose time is over is none: all that were released late would go at once.
  const slot = 'slot' in state && dueAt === state.dueAt ? state.slot : undefined;
  return {
    store: next(delivery, { status: 'queued', dueAt, ...(slot === undefined ? {} : { slot }) }),
    commands: [{ kind: 'wake', delay: slot === undefined ? dueAt - now : queuedFor(dueAt - now, slot) }],
    message: 'acknowledge',
  };
}

function probeDenied(
  delivery: Delivery,
  fact: Extract<Fact, { kind: 'probe_denied' }>,
  now: number,
): Decision {
  const { state } = delivery;
  if (state.status === 'attempting' && state.claimId !== fact.claimId) return wait(state.until);
  if (isSettled(state) || state.status === 'held') return acknowledge;
  // It was due when it was claimed, so nothing but the circuit holds it; who else attempted it since left a backoff.
  return hold(delivery, 'circuit', state.status === 'queued' ? state.dueAt : now, now);
}

function holdExpired(delivery: Delivery, now: number): Decision {
  const { state } = delivery;
  if (!isHeldByCause(delivery) || !('since' in state) || now - state.since < longestHold) return acknowledge;
  return cancel(delivery, 'expired', now);
}

function restartRequested(
  delivery: Delivery,
  fact: Extract<Fact, { kind: 'restart_requested' }>,
  now: number,
): Decision {
  if (delivery.generation !== fact.generation || !fact.from.includes(delivery.state.status))
    return acknowledge;
  const generation = delivery.generation + 1;
  return {
    store: next({ ...delivery, generation, attemptCount: 0 }, { status: 'queued', dueAt: now }),
    commands: [{ kind: 'wake', delay: 0 }],
    message: 'acknowledge',
  };
}

function quarantined(
  delivery: Delivery,
  fact: Extract<Fact, { kind: 'quarantined' }>,
  now: number,
): Decision {
  const { state } = delivery;
  if (fact.generation < delivery.generation) return acknowledge;
  if (state.status === 'dead')
    return { commands: deathCommands(state.reason, state.settledAt), message: 'acknowledge' };
  // A hold is released by a message of its own, which may fare better than this one did.
  if (isSettled(state) || state.status === 'held') return acknowledge;
  if (state.status === 'attempting' && state.until > now) return wait(state.until);
  return {
    store: next(delivery, { status: 'dead', settledAt: now, reason: 'internal' }),
    commands: [{ kind: 'dead-letter', reason: 'internal' }],
    message: 'acknowledge',
  };
}

function dueTime(delivery: Delivery): number {
  const { state } = delivery;
  switch (state.status) {
    case 'queued':
      return state.dueAt;
    case 'attempting':
      return state.until;
    case 'held':
      return state.dueAt ?? 0;
    default:
      return 0;
  }
}

function hold(delivery: Delivery, heldFor: HeldFor, dueAt: number, now: number): Decision {
  return {
    // A time that has come says nothing: then only the cause holds it.
    store: next(delivery, { status: 'held', heldFor, since: now, ...(dueAt > now ? { dueAt } : {}) }),
    commands: [],
    message: 'acknowledge',
  };
}

function cancel(delivery: Delivery, reason: CancelReason, now: number): Decision {
  return {
    store: next(delivery, { status: 'cancelled', settledAt: now, reason }),
    commands: [],
    message: 'acknowledge',
  };
}

function die(
  delivery: Delivery,
  fact: Extract<Fact, { kind: 'attempted' }>,
  reason: DeathReason,
  now: number,
): Decision {
  const attempts = recordAttempt(delivery, fact, { success: false, retryable: false });
  return {
    store: next({ ...delivery, ...attempts }, { status: 'dead', settledAt: now, reason }),
    commands: deathCommands(reason, now),
    message: 'acknowledge',
  };
}

/** Carried out again whenever a message finds the delivery dead: the crash may have come before any of them. */
function deathCommands(reason: DeathReason, diedAt: number): Command[] {
  const deadLetter: Command = { kind: 'dead-letter', reason };
  if (reason !== 'gone') return [deadLetter];
  return [{ kind: 'disable-endpoint', reason: '410_gone', asOf: diedAt }, deadLetter];
}

const wait = (until: number, slot?: Slot): Decision => ({
  commands: [],
  message: { waitUntil: until, ...(slot === undefined ? {} : { slot }) },
});

function next(delivery: Delivery, state: Delivery['state']): Delivery {
  return { ...delivery, state, revision: delivery.revision + 1 };
}
