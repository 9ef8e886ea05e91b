import { isObject } from '../json/json.ts';
import type { InvocationResult } from '../lambda/settings.ts';

/**
 * The failed items of a batch, by Lambda's rules for ReportBatchItemFailures: an error, a malformed answer or an unknown
 * identifier fails all items, a missing or empty list none. Without ReportBatchItemFailures all or none fail.
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
