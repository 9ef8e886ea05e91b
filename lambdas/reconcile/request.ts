import { describeValue } from '#core/json/describe.ts';
import { isObject } from '#core/json/merge-patch.ts';

/**
 * The time from which an invocation asks for a new sweep, in epoch milliseconds; undefined for a scheduled event, which
 * does not ask for one.
 *
 * @throws Error that names what was received and what is accepted
 */
export function requestedSince(payload: unknown): number | undefined {
  if (!isObject(payload) || payload.since === undefined) return undefined;
  const { since } = payload;
  const time = typeof since === 'string' ? Date.parse(since) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new Error(
      `since: received ${describeValue(since)}; accepted: an ISO 8601 time such as 2026-11-01T00:00:00Z`,
    );
  }
  return time;
}
