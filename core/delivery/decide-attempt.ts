import { outcomeOf } from '#core/attempt/outcome.ts';
import { backoff } from '#core/retry/retry-policy.ts';
import {
  acknowledge,
  cancel,
  type Decision,
  die,
  divert,
  dueTime,
  hold,
  leave,
  leaveEarlier,
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
  const { state } = delivery;
  if (fact.generation < delivery.generation) return leaveEarlier(delivery, fact.generation);
  if (isSettled(state) || isRecorded(delivery, fact)) return superseded(delivery, now);
  if (state.status === 'attempting' && state.claimId !== fact.claimId && state.until > now)
    return alongside(delivery, fact, outcome.verdict === 'retry', state.until);
  if (outcome.verdict === 'dead') return fail(delivery, fact, outcome.reason, now);
  if (delivery.attemptCount + 1 >= fact.policy.maxAttempts) return fail(delivery, fact, 'exhausted', now);
  const planned = backoff(fact.policy, delivery.attemptCount + 1, random);
  // Retry-After can only delay: a receiver cannot bring the next attempt nearer, nor delay it by more than a day.
  const delay = Math.max(planned, Math.min(outcome.retryAfter ?? 0, longestRetryAfter));
  // Another function may have attempted it too, and its answer may ask for a longer wait.
  const dueAt = Math.max(now + delay, 'dueAt' in state ? (state.dueAt ?? 0) : 0);
  const attempts = recordAttempt(delivery, fact, { success: false, retryable: true, nextAttemptAt: dueAt });
  const failed = { ...delivery, ...attempts };
  return dueAt - now <= longestQueuedWait
    ? { ...requeue(dueAt), store: moved(failed, { status: 'queued', dueAt }) }
    : stored(moved(failed, { status: 'held', heldFor: 'backoff', since: now, dueAt }));
}

/** The answer of the table that recorded it was lost, and another function moved the delivery since. */
const isRecorded = (
  { attempts }: Delivery,
  { generation, startedAt, result }: FactOf<'attempted'>,
): boolean =>
  attempts.some(
    (one) => one.generation === generation && one.startedAt === startedAt && one.duration === result.duration,
  );

/** Records a failed attempt while another function attempts the delivery, whose outcome decides what follows. */
function alongside(
  delivery: Delivery,
  fact: FactOf<'attempted'>,
  retryable: boolean,
  until: number,
): Decision {
  const attempts = recordAttempt(delivery, fact, { success: false, retryable });
  return { ...requeue(until), store: moved({ ...delivery, ...attempts }, delivery.state) };
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

function fail(delivery: Delivery, fact: FactOf<'attempted'>, reason: DeathReason, now: number): Decision {
  const attempts = recordAttempt(delivery, fact, { success: false, retryable: false });
  // Not before its endpoint got its status, by another clock: a 410 disables the endpoint as of then.
  return die({ ...delivery, ...attempts }, { reason, at: Math.max(now, fact.endpointSince) });
}

export function probeDenied(delivery: Delivery, fact: FactOf<'probe_denied'>, now: number): Decision {
  const { state } = delivery;
  if (state.status === 'attempting' && state.claimId !== fact.claimId) return requeue(state.until);
  if (isSettled(state)) return leave(delivery, state);
  if (state.status === 'held') return acknowledge;
  // It was due when it was claimed, so only the circuit holds it, unless another function's attempt left a backoff.
  return hold(delivery, 'circuit', state.status === 'queued' ? state.dueAt : now, now);
}

export const preempted = (delivery: Delivery, fact: FactOf<'preempted'>, now: number): Decision =>
  releaseClaim(delivery, fact, divert, now);

/** Its message comes again at once and is handled as a new one. */
export const requeued = (delivery: Delivery, fact: FactOf<'requeued'>, now: number): Decision =>
  releaseClaim(delivery, fact, requeue(now), now);

/** Releases an unused claim, so that the next receiver can start at once. */
function releaseClaim(
  delivery: Delivery,
  { claimId, isProbe }: { readonly claimId: string; readonly isProbe?: boolean },
  then: Decision,
  now: number,
): Decision {
  const { state } = delivery;
  if (delivery.revision === 0) return then;
  if (state.status !== 'attempting' || state.claimId !== claimId) return superseded(delivery, now);
  const choice = isProbe ? { isProbe } : {};
  return { ...then, store: moved(delivery, { status: 'queued', dueAt: now, ...choice }) };
}

export function superseded(delivery: Delivery, now: number): Decision {
  const { state } = delivery;
  if (isSettled(state)) return leave(delivery, state);
  if (state.status === 'held') return acknowledge;
  return requeue(Math.max(now, dueTime(delivery)));
}

export const eventMissing = (delivery: Delivery, now: number): Decision =>
  isSettled(delivery.state) ? leave(delivery, delivery.state) : cancel(delivery, 'event_deleted', now);
