import { Problem } from '../../core/problem.ts';

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

// A date alone would leave open whose midnight is meant.
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** An ISO 8601 time with a zone, as epoch milliseconds, or undefined when it is not given. */
export function time(query: Query, name: string): number | undefined {
  const given = query[name];
  if (given === undefined) return undefined;
  // A plus sign in a query reads as a blank unless it was encoded, which most people forget.
  const parsed = Date.parse(given.replace(' ', '+'));
  if (!instant.test(given.replace(' ', '+')) || Number.isNaN(parsed)) {
    throw queryProblem(name, quoted(given), 'an ISO 8601 time with a zone, such as 2026-01-31T12:00:00Z');
  }
  return parsed;
}

/** A query parameter: how it is read, and what the API's description says about it. */
export interface QueryParameter<Value = unknown> {
  readonly name: string;
  readonly description: string;
  /** A JSON Schema of its text. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Undefined when it is not given. @throws Problem `invalid_query` */
  readonly read: (query: Query) => Value | undefined;
}

export function choiceParameter<Value extends string>(
  name: string,
  values: readonly Value[],
  description: string,
): QueryParameter<Value> {
  return {
    ...{ name, description, schema: { type: 'string', enum: values } },
    read: (query) => choice(query, name, values),
  };
}

export interface MatchingParameter {
  readonly name: string;
  readonly description: string;
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly check: (text: string) => boolean;
  readonly accepted: string;
}

export function matchingParameter({
  name,
  description,
  schema = {},
  check,
  accepted,
}: MatchingParameter): QueryParameter<string> {
  return {
    ...{ name, description: `${description} Accepted: ${accepted}.`, schema: { type: 'string', ...schema } },
    read: (query) => matching(query, name, check, accepted),
  };
}

export function timeParameter(name: string, description: string): QueryParameter<number> {
  return {
    ...{ name, description, schema: { type: 'string', format: 'date-time' } },
    read: (query) => time(query, name),
  };
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
