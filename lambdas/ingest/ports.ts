import type { Authenticate } from '#adapters/http-api/auth.ts';
import type { NewEvent } from '#core/event/event.ts';
import type { AcceptOutcome, KeyClaim } from './accept.ts';
import type { Idempotency } from './idempotency.ts';
import type { PostingLimiter } from './posting-limiter.ts';

/** What the routes of this function need. Times are epoch milliseconds. */
export interface IngestPorts {
  now(): number;
  newEventId(): string;
  readonly authenticate: Authenticate;
  readonly rateLimiter: PostingLimiter;
  readonly idempotency: Idempotency;
  /** @param startedAt when the request began, which the time for it is counted from */
  accept(
    applicationId: string,
    events: readonly NewEvent[],
    claim: KeyClaim,
    startedAt: number,
  ): Promise<readonly AcceptOutcome[]>;
}
