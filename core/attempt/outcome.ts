import { isRetryableStatus, type StatusRule } from '#core/retry/retry-policy.ts';

/**
 * - `dns`: the name did not resolve
 * - `connect`: no TCP connection
 * - `tls`: no TLS session, or a certificate that is not valid for the name
 * - `timeout`: the deadline passed, wherever the exchange stood
 * - `reset`: the connection ended before the whole answer was there
 * - `protocol`: what came back is not an HTTP answer
 * - `forbidden_target`: the URL or an address behind it is refused, so nothing was sent
 */
export type FailureClass = 'dns' | 'connect' | 'tls' | 'timeout' | 'reset' | 'protocol' | 'forbidden_target';

/** What came of one HTTP request. Durations in milliseconds. */
export type RequestResult =
  | {
      readonly kind: 'answered';
      readonly statusCode: number;
      readonly responseHeaders: Readonly<Record<string, string>>;
      readonly responseBody: string;
      readonly duration: number;
      /** Parsed Retry-After, in milliseconds from the end of the request. */
      readonly retryAfter?: number;
    }
  | {
      readonly kind: 'failed';
      readonly errorClass: FailureClass;
      readonly error: string;
      readonly duration: number;
    };

/** What the result says about the endpoint's health. */
export type Health = 'alive' | 'failure' | 'neutral';

export type Outcome =
  | { readonly verdict: 'succeeded'; readonly health: 'alive' }
  | { readonly verdict: 'retry'; readonly health: Health; readonly retryAfter?: number }
  | {
      readonly verdict: 'dead';
      readonly health: Health;
      readonly reason: 'refused' | 'gone' | 'forbidden_target';
    };

// The statuses whose Retry-After means "not before": RFC 9110 section 10.2.3 and RFC 6585 section 4.
const honoursRetryAfter = new Set([429, 503]);

// A status of the class 5xx that no receiver uses, so that only the rule "5xx" names it.
const invalidStatus = 599;

/** Reads a result by the table that the documentation publishes under "What an answer means". */
export function outcomeOf(result: RequestResult, retryableStatuses: readonly StatusRule[]): Outcome {
  if (result.kind === 'failed') {
    return result.errorClass === 'forbidden_target'
      ? { verdict: 'dead', health: 'neutral', reason: 'forbidden_target' }
      : { verdict: 'retry', health: 'failure' };
  }
  const statusCode = readStatus(result.statusCode);
  if (statusCode >= 200 && statusCode < 300) return { verdict: 'succeeded', health: 'alive' };
  // 410 says that the receiver wants nothing more, whatever `retryableStatuses` says.
  if (statusCode === 410) return { verdict: 'dead', health: 'neutral', reason: 'gone' };
  const health = healthOf(statusCode);
  // 508 says that the request was part of a loop (RFC 5842, section 7.2), and the same request would be again.
  if (statusCode === 508 && !retryableStatuses.includes(508))
    return { verdict: 'dead', health, reason: 'refused' };
  // A redirect is never followed, because it could lead anywhere. It is retried, because the receiver may fix it.
  if (statusCode < 400) return { verdict: 'retry', health };
  if (!isRetryableStatus(retryableStatuses, statusCode))
    return { verdict: 'dead', health, reason: 'refused' };
  return honoursRetryAfter.has(statusCode) && result.retryAfter !== undefined
    ? { verdict: 'retry', health, retryAfter: result.retryAfter }
    : { verdict: 'retry', health };
}

/** Statuses outside of 100 to 599 are invalid and mean a server error (RFC 9110 section 15). */
const readStatus = (statusCode: number): number =>
  statusCode >= 100 && statusCode < 600 ? statusCode : invalidStatus;

/** What an answer with this status says about the endpoint's health. */
export function healthOf(status: number): Health {
  const statusCode = readStatus(status);
  if (statusCode === 429) return 'neutral';
  if (statusCode === 408 || statusCode === 425 || statusCode >= 500) return 'failure';
  return 'alive';
}
