import type { Limits } from '#core/application/limits.ts';
import { dailyBytesCap, eventRateCap, tokenCap } from '#core/rate-limit/caps.ts';
import type { RateLimiter } from '#core/rate-limit/limiter.ts';
import type { TokenRecord } from '#core/token/token.ts';

/** The origin of a request that posts events. */
interface Poster {
  readonly applicationId: string;
  readonly token: Pick<TokenRecord, 'id' | 'rateLimit'>;
}

export interface PostingLimiter {
  /**
   * Counts what a request posts, or refuses all of it before anything is stored. What is not valid counts as well.
   *
   * @throws Problem `rate_limited`, `application_rate_limited` or `daily_bytes_used` (429) with Retry-After
   */
  take(poster: Poster, posted: { readonly events: number; readonly bytes: number }): Promise<void>;
}

/** @param limitsOf an application; never rejects */
export function createPostingLimiter(
  limiter: RateLimiter,
  limitsOf: (applicationId: string) => Promise<Limits>,
): PostingLimiter {
  return {
    async take({ applicationId, token }, { events, bytes }) {
      const ofToken = tokenCap(token);
      // The token first, so that a token which posts too much does not use up what the others may post.
      if (ofToken !== undefined) await limiter.take(ofToken, events);
      const limits = await limitsOf(applicationId);
      await limiter.take(eventRateCap(applicationId, limits), events);
      await limiter.take(dailyBytesCap(applicationId, limits), bytes);
    },
  };
}
