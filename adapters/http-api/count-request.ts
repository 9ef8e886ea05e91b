import { requestCap } from '#core/rate-limit/caps.ts';
import type { RateLimiter } from '#core/rate-limit/limiter.ts';
import type { Rate } from '#core/rate-limit/rate.ts';
import type { Caller } from './auth.ts';

/** @throws Problem `request_rate_limited` (429) with Retry-After */
export type CountRequest = (caller: Pick<Caller, 'token' | 'isOperator'>) => Promise<void>;

/** Counts the requests of each token but those of operators, who own what is protected. */
export function createCountRequest(limiter: RateLimiter, rate: Rate): CountRequest {
  return async ({ token, isOperator }) => {
    if (!isOperator) await limiter.take(requestCap(token, rate), 1);
  };
}
