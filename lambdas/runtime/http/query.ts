import { Problem } from '../../core/problem.ts';
import { parseInstant } from '../../core/validation/schemas.ts';

/** The query's parameters, each at most once. */
export type Query = Readonly<Record<string, string | undefined>>;

/**
 * @throws Problem (`invalid_query`) that names a parameter which is unknown or given twice.
 */
export function readQuery(given: URLSearchParams, known: readonly string[]): Query {
  const seen = new Map<string, string>();
  for (const [name, value] of given) {
    if (!known.includes(name)) {
      const accepted = known.length === 0 ? 'no parameters' : known.join(', ');
      throw queryProblem(name, 'an unknown parameter', accepted);
    }
    if (seen.has(name)) throw queryProblem(name, 'it more than once', 'each parameter once');
    seen.set(name, value);
  }
  return Object.fromEntries(seen);
}

export function queryProblem(name: string, received: string, accepted: string): Problem {
  const field = name.slice(0, 64);
  return new Problem('invalid_query', {
    detail: `${field}: received ${received}; accepted: ${accepted}`,
    field,
    accepted,
  });
}

/** One of a few values, or undefined when it is not given. */
export function choice<Value extends string>(
  query: Query,
  name: string,
  values: readonly Value[],
): Value | undefined {
  const given = query[name];
  if (given === undefined) return undefined;
  const value = values.find((candidate) => candidate === given);
  if (value === undefined) throw queryProblem(name, quoted(given), `one of ${values.join(', ')}`);
  return value;
}

/** A value that must pass a check, or undefined when it is not given. */
export function matching(
  query: Query,
  name: string,
  check: (text: string) => boolean,
  accepted: string,
): string | undefined {
  const given = query[name];
  if (given === undefined) return undefined;
  if (!check(given)) throw queryProblem(name, quoted(given), accepted);
  return given;
}

/** An ISO 8601 time with a zone, as epoch milliseconds, or undefined when it is not given. */
export function time(query: Query, name: string): number | undefined {
  const given = query[name];
  if (given === undefined) return undefined;
  // A plus sign in a query reads as a blank unless it was encoded, which most people forget.
  const parsed = parseInstant(given.replace(' ', '+'));
  if (parsed === undefined) {
    throw queryProblem(name, quoted(given), 'an ISO 8601 time with a zone, such as 2026-01-31T12:00:00Z');
  }
  return parsed;
}

/**
 * The query's `since` (inclusive) and `until` (exclusive), as epoch milliseconds, each only where it is given.
 *
 * @throws Problem (`invalid_query`) for a time that is none, or an empty range
 */
export function timeRange(query: Query): { readonly since?: number; readonly until?: number } {
  const since = time(query, 'since');
  const until = time(query, 'until');
  if (since !== undefined && until !== undefined && since >= until) {
    throw queryProblem('until', quoted(query.until ?? ''), 'a time after since');
  }
  return { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
