import { OutOfTime } from '#adapters/aws/deadline.ts';
import { CredentialsDamaged, CredentialsError } from '#core/encryption/errors.ts';
import { cheaperFilters, filterLimits } from '#core/filter/filter.ts';
import { Problem } from '#core/problem/problem.ts';
import {
  AlreadyExists,
  FiltersTooExpensive,
  LimitReached,
  NotFound,
  VersionConflict,
} from '#core/problem/store-errors.ts';

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

/** The answer to an unexpected error. */
export const internalError = new Problem('internal_error', {
  detail: 'an unexpected error occurred; find it in the log by the request id',
});

/**
 * The problem to answer with when code throws: the Problem itself, the refusal of a store, or a temporary failure (503 with
 * Retry-After). Undefined for other errors, which are unexpected.
 */
export function problemFor(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof NotFound) return new Problem('not_found', { detail: error.message, cause: error });
  if (error instanceof AlreadyExists)
    return new Problem('already_exists', { detail: error.message, cause: error });
  if (error instanceof LimitReached) return limitReached(error);
  if (error instanceof CredentialsError) return credentialsUnreadable(error);
  if (error instanceof FiltersTooExpensive) return filtersTooExpensive(error);
  if (error instanceof VersionConflict) {
    return new Problem('contended', {
      detail: 'other requests kept changing the same resource; nothing was changed, try again',
      headers: { 'retry-after': '1' },
      cause: error,
    });
  }
  if (!isTemporary(error)) return undefined;
  return new Problem('unavailable', {
    detail: 'a service that the API depends on is busy or unavailable; try again',
    headers: { 'retry-after': '2' },
    cause: error,
  });
}

/** The message says what happened; the advice says who can solve it. */
function credentialsUnreadable(error: CredentialsError): Problem {
  const isDamaged = error instanceof CredentialsDamaged;
  const advice = isDamaged
    ? 'delete the endpoint and create it again'
    : 'try again; if it stays so, an operator finds the reasons in the runbook under credentials-unreadable';
  return new Problem('credentials_unreadable', {
    detail: `${error.message}; ${advice}`,
    ...(isDamaged ? {} : { headers: { 'retry-after': '5' } }),
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
        `the event patterns and filters of the application's endpoints use ${megabytes(standing)} of memory, and ` +
        `this change would exceed the limit of ${megabytes(limit)}; use fewer patterns or shorter filters, or ask an ` +
        'operator to raise the settings memory.ingest and memory.scheduler',
      accepted: `patterns and filters of at most ${megabytes(limit)} in total`,
      cause: error,
    });
  }
  return new Problem('limit_reached', {
    detail:
      `the application has ${standing} ${nouns[what]}, and its limit is ${limit}; ` +
      `delete some, or ask an operator to raise limits.${what} with PATCH /api/applications/{id}`,
    accepted: `at most ${limit} ${nouns[what]}`,
    cause: error,
  });
}

function filtersTooExpensive(error: FiltersTooExpensive): Problem {
  const { load, own } = error;
  const accepted = `filters of at most ${filterLimits.steps} steps together for the events of one type`;
  return new Problem('limit_reached', {
    detail:
      `filters: an event of ${load.pattern} may have to pass filters that take ${load.steps} steps together, ` +
      `${own} of them in this endpoint's filter; accepted: ${accepted}. ${cheaperFilters}`,
    field: 'filters',
    accepted,
    cause: error,
  });
}

function isTemporary(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof OutOfTime) return true;
  // The AWS SDK marks errors of the server and errors that a retry may solve.
  const { $fault, $retryable, code } = error as { $fault?: unknown; $retryable?: unknown; code?: unknown };
  if ($fault === 'server' || $retryable !== undefined || throttled.has(error.name)) return true;
  if (typeof code === 'string' && unreachable.has(code)) return true;
  return (
    error.name === 'TransactionCanceledException' &&
    /Throttling|ThroughputExceeded|TransactionConflict/.test(error.message)
  );
}
