import { outcomeOf } from '#core/attempt/outcome.ts';
import { backoff } from '#core/retry/retry-policy.ts';
import {
  acknowledge,
  cancel,
  type Decision,
  deathCommands,
  divert,
  dueTime,
  hold,
  longestQueuedWait,
  moved,
  proceed,
  requeue,
  stored,
} from './decision.ts';
import { type DeathReason, type Delivery, isSettled, withoutAnswer } from './delivery.ts';
import type { FactOf } from './fact.ts';
import { recordAttempt } from './record-attempt.ts';

const longestRetryAfter = 24 * 60 * 60_000;

export const probeTaken: Decision = proceed({ kind: 'attempt' });

export function attempted(
  delivery: Delivery,
  fact: FactOf<'attempted'>,
  now: number,
  random: number,
): Decision {
  const outcome = outcomeOf(fact.result, fact.policy.retryableStatuses);
  if (outcome.verdict === 'succeeded') return succeeded(delivery, fact, now);
  if (isSettled(delivery.state)) return acknowledge;
  if (outcome.verdict === 'dead') return die(delivery, fact, outcome.reason, now);
  if (delivery.attemptCount + 1 >= fact.policy.maxAttempts) return die(delivery, fact, 'exhausted', now);
  const planned = backoff(fact.policy, delivery.attemptCount + 1, random);
  // Retry-After can only delay: a receiver cannot bring the next attempt nearer, nor delay it by more than a day.
  const delay = Math.max(planned, Math.min(outcome.retryAfter ?? 0, longestRetryAfter));
  const dueAt = now + delay;
  const attempts = recordAttempt(delivery, fact, { success: false, retryable: true, nextAttemptAt: dueAt });
  const failed = { ...delivery, ...attempts };
  return delay <= longestQueuedWait
    ? { ...requeue(dueAt), store: moved(failed, { status: 'queued', dueAt }) }
    : stored(moved(failed, { status: 'held', heldFor: 'backoff', since: now, dueAt }));
}

/** Success settles any other state, because the receiver has the event. */
function succeeded(delivery: Delivery, fact: FactOf<'attempted'>, now: number): Decision {
  const { state } = delivery;
  if (state.status === 'succeeded') return acknowledge;
  const recorded = recordAttempt(delivery, fact, { success: true, retryable: false });
  const isDeleted = state.status === 'cancelled' && state.reason === 'event_deleted';
  const attempts = isDeleted ? recorded.attempts.map(withoutAnswer) : recorded.attempts;
  return stored(moved({ ...delivery, ...recorded, attempts }, { status: 'succeeded', settledAt: now }));
}

function die(delivery: Delivery, fact: FactOf<'attempted'>, reason: DeathReason, now: number): Decision {
  const attempts = recordAttempt(delivery, fact, { success: false, retryable: false });
  return {
    ...stored(moved({ ...delivery, ...attempts }, { status: 'dead', settledAt: now, reason })),
    commands: deathCommands(reason, now),
  };
}

export function probeDenied(delivery: Delivery, fact: FactOf<'probe_denied'>, now: number): Decision {
  const { state } = delivery;
  if (state.status === 'attempting' && state.claimId !== fact.claimId) return requeue(state.until);
  if (isSettled(state) || state.status === 'held') return acknowledge;
  // It was due when it was claimed, so only the circuit holds it, unless another function's attempt left a backoff.
  return hold(delivery, 'circuit', state.status === 'queued' ? state.dueAt : now, now);
}

export const preempted = (delivery: Delivery, fact: FactOf<'preempted'>, now: number): Decision =>
  releaseClaim(delivery, fact.claimId, divert, now);

/** Its message comes again at once and is handled by the endpoint's new state. */
export const requeued = (delivery: Delivery, fact: FactOf<'requeued'>, now: number): Decision =>
  releaseClaim(delivery, fact.claimId, requeue(now), now);

/** Releases an unused claim, so that the next receiver can start at once. */
function releaseClaim(delivery: Delivery, claimId: string, then: Decision, now: number): Decision {
  const { state } = delivery;
  if (delivery.revision === 0) return then;
  if (state.status !== 'attempting' || state.claimId !== claimId) return superseded(delivery, now);
  return { ...then, store: moved(delivery, { status: 'queued', dueAt: now }) };
}

export function superseded(delivery: Delivery, now: number): Decision {
  const { state } = delivery;
  if (isSettled(state) || state.status === 'held') return acknowledge;
  return requeue(Math.max(now, dueTime(delivery)));
}

export const eventMissing = (delivery: Delivery, now: number): Decision =>
  isSettled(delivery.state) ? acknowledge : cancel(delivery, 'event_deleted', now);
