import { describeValue } from '#core/json/describe.ts';
import { isObject } from '#core/json/merge-patch.ts';
import { instantAccepted, parseInstant } from '#core/validation/instant.ts';

/**
 * The time from which an invocation asks for a new sweep, in epoch milliseconds; undefined for a scheduled event, which
 * does not ask for one.
 *
 * @throws Error that names what was received and what is accepted
 */
export function requestedSince(payload: unknown): number | undefined {
  if (!isObject(payload) || payload.since === undefined) return undefined;
  const { since } = payload;
  const time = typeof since === 'string' ? parseInstant(since) : undefined;
  if (time === undefined) {
    throw new Error(`since: received ${describeValue(since)}; accepted: ${instantAccepted}`);
  }
  return time;
}
