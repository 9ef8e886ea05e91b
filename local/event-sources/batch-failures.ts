import { isObject } from '../json/json.ts';
import type { InvocationResult } from '../lambda/settings.ts';

/**
 * Which items of a batch failed, by Lambda's rules for ReportBatchItemFailures: an error, a malformed answer or an
 * identifier that is not of the batch fails all; a missing or empty list none. Without reporting it is all or none.
 */
export function batchFailures(
  result: InvocationResult,
  identifiers: readonly string[],
  reportsItemFailures: boolean,
): ReadonlySet<string> {
  const all = new Set(identifiers);
  if (result.kind !== 'result') return all;
  if (!reportsItemFailures) return new Set();
  const answer: unknown = JSON.parse(result.payload);
  if (answer === null) return new Set();
  if (!isObject(answer)) return all;
  const failures = answer.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return all;
  const failed = failures.map((failure: unknown) => (isObject(failure) ? failure.itemIdentifier : undefined));
  const known = failed.filter((id): id is string => typeof id === 'string' && all.has(id));
  return known.length === failed.length ? new Set(known) : all;
}
