import { OutOfTime } from '#adapters/aws/deadline.ts';
import { Problem } from '#core/problem/problem.ts';
import { AlreadyExists, LimitReached, NotFound, VersionConflict } from '#core/problem/store-errors.ts';

const throttled = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'ThrottledException',
  'TransactionInProgressException',
  'LimitExceededException',
  'TimeoutError',
]);
const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND']);

/** What to answer for a mistake of ours. */
export const internalError = new Problem('internal_error', {
  detail: 'something went wrong on our side; the request id leads to the log',
});

/**
 * What to answer for anything that was thrown: a Problem itself, a store's refusal, or trouble that passes (503
 * with Retry-After). Undefined for the rest, which is a mistake of ours.
 */
export function problemFor(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof NotFound) return new Problem('not_found', { detail: error.message, cause: error });
  if (error instanceof AlreadyExists)
    return new Problem('already_exists', { detail: error.message, cause: error });
  if (error instanceof LimitReached) return limitReached(error);
  if (error instanceof VersionConflict) {
    return new Problem('contended', {
      detail: 'others kept changing the same thing; nothing was changed, try again',
      headers: { 'retry-after': '1' },
      cause: error,
    });
  }
  if (!passes(error)) return undefined;
  return new Problem('unavailable', {
    detail: 'a service that this depends on is busy or away; try again',
    headers: { 'retry-after': '2' },
    cause: error,
  });
}

const nouns = { endpoints: 'endpoints', eventTypes: 'event types' } as const;
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

function limitReached(error: LimitReached): Problem {
  const { what, limit, standing } = error;
  if (what === 'routeBytes') {
    return new Problem('limit_reached', {
      detail:
        `the event patterns and filters of the application's endpoints take ${megabytes(standing)} of memory, and ` +
        `with these it would be more than the ${megabytes(limit)} that functions have room for; use fewer patterns or ` +
        'shorter filters, or have an operator raise the settings memory.ingest and memory.scheduler',
      accepted: `routes of at most ${megabytes(limit)} in all`,
      cause: error,
    });
  }
  return new Problem('limit_reached', {
    detail:
      `the application has ${standing} ${nouns[what]}, and its limit is ${limit}; ` +
      `delete one that is not needed, or have an operator raise limits.${what} by PATCH /api/applications/{id}`,
    accepted: `at most ${limit} ${nouns[what]}`,
    cause: error,
  });
}

function passes(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof OutOfTime) return true;
  // The AWS SDK marks whose fault an answer is and whether trying again helps.
  const { $fault, $retryable, code } = error as { $fault?: unknown; $retryable?: unknown; code?: unknown };
  if ($fault === 'server' || $retryable !== undefined || throttled.has(error.name)) return true;
  if (typeof code === 'string' && unreachable.has(code)) return true;
  return (
    error.name === 'TransactionCanceledException' &&
    /Throttling|ThroughputExceeded|TransactionConflict/.test(error.message)
  );
}
