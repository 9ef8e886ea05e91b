import type { ApiError } from './errors.ts';

const firstPause = 500;
const longestPause = 8_000;
/** When the API asks for a longer wait, the caller gets the error at once, so that it can decide itself. */
export const longestRetryAfter = 60_000;
const temporaryStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether a request may be repeated after this error. @param repeatable - whether two requests have the effect of one */
export function mayRepeat(repeatable: boolean, { httpStatus, code }: ApiError): boolean {
  // These answers say that the request had no effect.
  if (httpStatus === 429 || code === 'contended') return true;
  return repeatable && (temporaryStatuses.has(httpStatus) || code === 'idempotency_in_progress');
}

/** Milliseconds to wait after an attempt. @param attempt - from 1 @param random - in [0, 1) */
export const pauseAfter = (attempt: number, random: number): number =>
  Math.min(longestPause, firstPause * 2 ** (attempt - 1)) * (0.5 + random / 2);

/**
 * The milliseconds of a `Retry-After` header, which is a number of seconds or a date (RFC 9110, section 10.2.3), or
 * undefined when it is neither.
 *
 * @param now - epoch milliseconds
 */
export function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1_000;
  // Date.parse finds a date in almost any text.
  const date = header.endsWith(' GMT') ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
