import type { Admission } from '../circuit/circuit.ts';
import type { EndpointStatus } from '../endpoint/endpoint.ts';
import {
  type Attempt,
  type CancelReason,
  type DeathReason,
  type Delivery,
  type HeldFor,
  isHeldByCause,
  isSettled,
  keepAttempts,
} from './delivery.ts';
import { outcomeOf, type RequestResult } from './outcome.ts';
import { backoff, type RetryPolicy } from './retry-policy.ts';

/** What happened to a delivery. Times are epoch milliseconds. */
export type Fact =
  /** A message for it was received. */
  | {
      readonly kind: 'woken';
      /** The generation the message belongs to. */
      readonly generation: number;
      /** True for a message that was never received before and whose delivery can have no item yet. */
      readonly firstReceive: boolean;
      readonly endpoint: EndpointStatus | 'deleted';
      /** What its endpoint's circuit lets it do. */
      readonly circuit: Admission;
      /** The claim to take, should an attempt follow, and until when it holds. */
      readonly claim: { readonly id: string; readonly until: number };
    }
  /** It was to be the probe of its endpoint's circuit, and another one got the lease. Names the claim it had taken. */
  | { readonly kind: 'withheld'; readonly claimId: string }
  /** An HTTP request was made. */
  | {
      readonly kind: 'attempted';
      readonly startedAt: number;
      readonly result: RequestResult;
      readonly policy: RetryPolicy;
    }
  /** An attempt failed, and meanwhile somebody else moved the delivery: what stands is followed instead. */
  | { readonly kind: 'overtaken' }
  /** The scheduler, or the end of a pause, lets it go on. */
  | { readonly kind: 'released' }
  /** Only a cause holds it; when that takes too long, it ends. */
  | { readonly kind: 'outlived' }
  /**
   * Somebody asks for a new run of attempts. Done only if the delivery still is in the generation and in one of the
   * states that were asked for, so that asking twice, by whatever ways, makes one new generation.
   */
  | {
      readonly kind: 'renewed';
      readonly generation: number;
      readonly from: readonly Delivery['state']['status'][];
    }
  /** A message for it crashed the functions so often that it was taken out of its queue. */
  | { readonly kind: 'quarantined'; readonly generation: number }
  /** Its event no longer exists, so there is nothing to send. */
  | { readonly kind: 'event-missing' };

export type Command =
  /** Queue a wake-up that must not be seen for `delay` milliseconds. */
  | { readonly kind: 'wake'; readonly delay: number }
  | { readonly kind: 'dead-letter'; readonly reason: DeathReason }
  | { readonly kind: 'disable-endpoint'; readonly reason: '410_gone' };

export interface Decision {
  /** Store this, guarded by the revision it came from, before anything else. */
  readonly store?: Delivery;
  /** Then carry these out, in order. */
  readonly commands: readonly Command[];
  /** Then do this with the message, if a message is what told the fact. */
  readonly message: 'acknowledge' | 'attempt' | { readonly waitUntil: number };
}

const acknowledge: Decision = { commands: [], message: 'acknowledge' };

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
    case 'woken':
      return woken(delivery, fact, now);
    case 'attempted':
      return attempted(delivery, fact, now, random);
    case 'overtaken':
      return overtaken(delivery, now);
    case 'released':
      return released(delivery, now);
    case 'withheld':
      return withheld(delivery, fact, now);
    case 'outlived':
      return outlived(delivery, now);
    case 'renewed':
      return renewed(delivery, fact, now);
    case 'quarantined':
      return quarantined(delivery, fact, now);
    case 'event-missing':
      return isSettled(delivery.state) ? acknowledge : cancel(delivery, 'event_deleted', now);
  }
}

function woken(delivery: Delivery, fact: Extract<Fact, { kind: 'woken' }>, now: number): Decision {
  const { state } = delivery;
  // An older generation's message has nothing more to say: the newer one has its own.
  if (fact.generation < delivery.generation) return acknowledge;
  if (state.status === 'dead') return deadLetterAgain(state.reason);
  if (isSettled(state)) return acknowledge;
  if (fact.endpoint === 'deleted') return cancel(delivery, 'endpoint_deleted', now);
  if (fact.endpoint === 'disabled') return cancel(delivery, 'endpoint_disabled', now);
  // Whoever holds it has arranged for it to be released.
  if (state.status === 'held') return acknowledge;
  if (state.status === 'attempting' && state.until > now) return wait(state.until);
  if (fact.endpoint === 'paused') return hold(delivery, 'paused', dueTime(delivery), now);
  if (state.status === 'queued' && state.dueAt > now) return wait(state.dueAt);
  if (fact.circuit === 'wait') return hold(delivery, 'circuit', dueTime(delivery), now);
  // A first attempt needs no claim: it has no item, and a success then costs a single write.
  if (fact.firstReceive && delivery.revision === 0) return { commands: [], message: 'attempt' };
  const claimed = next(delivery, { status: 'attempting', claimId: fact.claim.id, until: fact.claim.until });
  return { store: claimed, commands: [], message: 'attempt' };
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
    const attempts = record(delivery, fact, { success: true, retryable: false });
    return {
      store: next({ ...delivery, ...attempts }, { status: 'succeeded', settledAt: now }),
      commands: [],
      message: 'acknowledge',
    };
  }
  if (isSettled(state)) return acknowledge;
  if (outcome.verdict === 'dead') {
    const dead = die(delivery, fact, outcome.reason, now);
    if (outcome.reason !== 'gone') return dead;
    return { ...dead, commands: [...dead.commands, { kind: 'disable-endpoint', reason: '410_gone' }] };
  }
  if (delivery.attemptCount + 1 >= fact.policy.maxAttempts) return die(delivery, fact, 'exhausted', now);
  const planned = backoff(fact.policy, delivery.attemptCount + 1, random);
  // Retry-After can only delay: a receiver cannot make us hurry, and not hold us longer than a day.
  const delay = Math.max(planned, Math.min(outcome.retryAfter ?? 0, longestRetryAfter));
  const dueAt = now + delay;
  const attempts = record(delivery, fact, { success: false, retryable: true, nextAttemptAt: dueAt });
  const failed = { ...delivery, ...attempts };
  return delay <= longestQueuedWait
    ? { store: next(failed, { status: 'queued', dueAt }), commands: [], message: { waitUntil: dueAt } }
    : {
        store: next(failed, { status: 'held', heldFor: 'backoff', since: now, dueAt }),
        commands: [],
        message: 'acknowledge',
      };
}

function overtaken(delivery: Delivery, now: number): Decision {
  const { state } = delivery;
  if (isSettled(state) || state.status === 'held') return acknowledge;
  return wait(Math.max(now, dueTime(delivery)));
}

function released(delivery: Delivery, now: number): Decision {
  const { state } = delivery;
  if (isSettled(state)) return acknowledge;
  const dueAt = Math.max(now, dueTime(delivery));
  return {
    store: next(delivery, { status: 'queued', dueAt }),
    commands: [{ kind: 'wake', delay: dueAt - now }],
    message: 'acknowledge',
  };
}

function withheld(delivery: Delivery, fact: Extract<Fact, { kind: 'withheld' }>, now: number): Decision {
  const { state } = delivery;
  if (state.status === 'attempting' && state.claimId !== fact.claimId) return wait(state.until);
  if (isSettled(state) || state.status === 'held') return acknowledge;
  // It was due when it was claimed, so nothing but the circuit holds it.
  return hold(delivery, 'circuit', now, now);
}

function outlived(delivery: Delivery, now: number): Decision {
  const { state } = delivery;
  if (!isHeldByCause(delivery) || !('since' in state) || now - state.since < longestHold) return acknowledge;
  return cancel(delivery, 'expired', now);
}

function renewed(delivery: Delivery, fact: Extract<Fact, { kind: 'renewed' }>, now: number): Decision {
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
  if (state.status === 'dead') return deadLetterAgain(state.reason);
  // A hold is released by a message of its own, which may fare better than this one did.
  if (isSettled(state) || state.status === 'held') return acknowledge;
  if (state.status === 'attempting' && state.until > now) return wait(state.until);
  return {
    store: next(delivery, { status: 'dead', settledAt: now, reason: 'internal' }),
    commands: [{ kind: 'dead-letter', reason: 'internal' }],
    message: 'acknowledge',
  };
}

// The crash may have come between the state and the dead letter: sending it again is harmless, losing it is not.
const deadLetterAgain = (reason: DeathReason): Decision => ({
  commands: [{ kind: 'dead-letter', reason }],
  message: 'acknowledge',
});

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
  const attempts = record(delivery, fact, { success: false, retryable: false });
  return {
    store: next({ ...delivery, ...attempts }, { status: 'dead', settledAt: now, reason }),
    commands: [{ kind: 'dead-letter', reason }],
    message: 'acknowledge',
  };
}

const wait = (until: number): Decision => ({ commands: [], message: { waitUntil: until } });

function next(delivery: Delivery, state: Delivery['state']): Delivery {
  return { ...delivery, state, revision: delivery.revision + 1 };
}

function record(
  delivery: Delivery,
  fact: Extract<Fact, { kind: 'attempted' }>,
  outcome: Pick<Attempt, 'success' | 'retryable' | 'nextAttemptAt'>,
): Pick<Delivery, 'attempts' | 'attemptCount'> {
  const { result } = fact;
  const number = delivery.attemptCount + 1;
  const common = {
    number,
    generation: delivery.generation,
    startedAt: fact.startedAt,
    duration: result.duration,
    ...outcome,
  };
  const attempt: Attempt =
    result.kind === 'answered'
      ? {
          ...common,
          statusCode: result.statusCode,
          responseHeaders: result.responseHeaders,
          responseBody: result.responseBody,
        }
      : { ...common, errorClass: result.errorClass, error: result.error };
  return { attempts: keepAttempts(delivery.attempts, attempt), attemptCount: number };
}
