import { type Attempt, type Delivery, keepAttempts } from './delivery.ts';
import type { Fact } from './fact.ts';

/** The history of a delivery after one more attempt. */
export function recordAttempt(
  delivery: Delivery,
  fact: Extract<Fact, { kind: 'attempted' }>,
  outcome: Pick<Attempt, 'success' | 'retryable' | 'nextAttemptAt'>,
): Pick<Delivery, 'attempts' | 'attemptCount' | 'quarantines'> {
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
  return {
    attempts: keepAttempts(delivery.attempts, attempt),
    attemptCount: number,
    quarantines: undefined,
  };
}
