import type { RequestResult } from '#core/attempt/outcome.ts';
import { decide } from '#core/delivery/decide.ts';
import type { Decision } from '#core/delivery/decision.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { Fact, FactOf } from '#core/delivery/fact.ts';
import { effectiveRetryPolicy } from '#core/retry/retry-policy.ts';
import { deliveryOf, movedTo, noon } from './deliveries.ts';

export const hour = 60 * 60_000;
export const claim = { id: 'mine', until: noon + 35_000 };
export const acknowledged: Decision = { commands: [], next: { kind: 'acknowledge' } };

export const messageReceived = (
  change: Partial<FactOf<'message_received'>> = {},
): FactOf<'message_received'> => ({
  kind: 'message_received',
  generation: 1,
  firstReceive: false,
  endpoint: 'active',
  circuit: 'go',
  divert: false,
  claim,
  ...change,
});

export const answer = (statusCode: number, retryAfter?: number): RequestResult => ({
  kind: 'answered',
  statusCode,
  responseHeaders: {},
  responseBody: '',
  duration: 90,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

export const noAnswer: RequestResult = {
  kind: 'failed',
  errorClass: 'timeout',
  error: 'no answer in 30 s',
  duration: 30_000,
};

export const attempted = (
  result: RequestResult,
  policy = effectiveRetryPolicy({ maxAttempts: 3, baseDelay: 1_000, maxDelay: hour, jitter: false }),
): FactOf<'attempted'> => ({
  ...{ kind: 'attempted', generation: 1, claimId: claim.id, endpointSince: 0 },
  ...{ startedAt: noon - 90, result, policy },
});

export const given = (delivery: Delivery) => ({
  when: (fact: Fact, now = noon, random = 0.5) => decide(delivery, fact, now, random),
});

export const unstored = deliveryOf({ createdAt: noon - 1_000 });
export const queued = movedTo(unstored, { status: 'queued', dueAt: noon });
export const attempting = movedTo(unstored, {
  status: 'attempting',
  claimId: 'theirs',
  until: noon + 10_000,
});
export const dead = movedTo(unstored, { status: 'dead', settledAt: noon - 5, reason: 'refused' });
export const succeeded = movedTo(unstored, { status: 'succeeded', settledAt: noon - 5 });
export const held = movedTo(unstored, {
  status: 'held',
  heldFor: 'backoff',
  since: noon - 5,
  dueAt: noon + hour,
});
