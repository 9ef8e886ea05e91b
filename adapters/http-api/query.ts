import { Problem } from '#core/problem/problem.ts';
import { parseInstant } from '#core/validation/instant.ts';

/** The parameters of a query, each at most once. */
export type Query = Readonly<Record<string, string | undefined>>;

/** @throws Problem `invalid_query`, which names a parameter that is unknown or given twice */
export function readQuery(given: URLSearchParams, known: readonly string[]): Query {
  const seen = new Map<string, string>();
  for (const [name, value] of given) {
    if (!known.includes(name)) {
      const accepted = known.length === 0 ? 'no parameters' : known.join(', ');
      throw queryProblem(name, 'an unknown parameter', accepted);
    }
    if (seen.has(name)) throw queryProblem(name, 'the parameter more than once', 'each parameter once');
    seen.set(name, value);
  }
  return Object.fromEntries(seen);
}

export const queryProblem = (name: string, received: string, accepted: string): Problem =>
  problemOf(name, `received ${received}`, accepted);

export const requiredParameter = (name: string, accepted: string): Problem =>
  problemOf(name, 'is required', accepted);

function problemOf(name: string, what: string, accepted: string): Problem {
  const field = name.slice(0, 64);
  return new Problem('invalid_query', {
    detail: `${field}: ${what}; accepted: ${accepted}`,
    field,
    accepted,
  });
}

/** A query parameter: how to read it, and what the OpenAPI document says about it. */
export interface QueryParameter<Value = unknown> {
  readonly name: string;
  readonly description: string;
  /** @default false */
  readonly isRequired?: boolean;
  /** The JSON Schema of its text. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Undefined when the query does not have it. @throws Problem `invalid_query` */
  readonly read: (query: Query) => Value | undefined;
}

/** Any text; the route checks it. */
export function textParameter(name: string, description: string): QueryParameter<string> {
  return { name, description, schema: { type: 'string' }, read: (query) => query[name] };
}

/** One of a few values. */
export function choiceParameter<Value extends string>(
  name: string,
  values: readonly Value[],
  description: string,
): QueryParameter<Value> {
  return {
    name,
    description,
    schema: { type: 'string', enum: values },
    read(query) {
      const given = query[name];
      if (given === undefined) return undefined;
      const value = values.find((candidate) => candidate === given);
      if (value === undefined) throw queryProblem(name, quoted(given), `one of ${values.join(', ')}`);
      return value;
    },
  };
}

export interface MatchingParameter {
  readonly name: string;
  readonly description: string;
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly check: (text: string) => boolean;
  readonly accepted: string;
}

/** A text that must pass a check. */
export function matchingParameter({
  name,
  description,
  schema = {},
  check,
  accepted,
}: MatchingParameter): QueryParameter<string> {
  return {
    name,
    description: `${description} Accepted: ${accepted}.`,
    schema: { type: 'string', ...schema },
    read(query) {
      const given = query[name];
      if (given === undefined) return undefined;
      if (!check(given)) throw queryProblem(name, quoted(given), accepted);
      return given;
    },
  };
}

export interface WholeParameter {
  readonly name: string;
  readonly description: string;
  /** At most three digits. */
  readonly most: number;
  readonly default: number;
}

/** A whole number from 1 to `most`. */
export function wholeParameter({ name, description, most, default: usual }: WholeParameter) {
  return {
    name,
    description,
    schema: { type: 'integer', minimum: 1, maximum: most, default: usual },
    read(query: Query): number {
      const given = query[name];
      if (given === undefined) return usual;
      const value = Number(given);
      if (!/^\d{1,3}$/.test(given) || value < 1 || value > most) {
        throw queryProblem(name, quoted(given), `a whole number from 1 to ${most}`);
      }
      return value;
    },
  } satisfies QueryParameter<number>;
}

/** An ISO 8601 time with a zone, as epoch milliseconds. */
export function timeParameter(name: string, description: string): QueryParameter<number> {
  return {
    name,
    description,
    schema: { type: 'string', format: 'date-time' },
    read(query) {
      const given = query[name];
      if (given === undefined) return undefined;
      // Clients often forget to encode the plus sign, and then it reads as a blank.
      const parsed = parseInstant(given.replace(' ', '+'));
      if (parsed === undefined) {
        throw queryProblem(name, quoted(given), 'an ISO 8601 time with a zone, such as 2026-01-31T12:00:00Z');
      }
      return parsed;
    },
  };
}

/**
 * The parameters `since` (inclusive) and `until` (exclusive).
 *
 * @param what - the listed items, for the OpenAPI document.
 */
export function timeRange(what: string) {
  const since = timeParameter('since', `Only ${what} at or after this time.`);
  const until = timeParameter('until', `Only ${what} before this time.`);
  return {
    parameters: [since, until] as const,
    /**
     * Epoch milliseconds.
     *
     * @throws Problem `invalid_query` for a text that is not a time, or an empty range
     */
    read(query: Query): { readonly since?: number; readonly until?: number } {
      const range = { since: since.read(query), until: until.read(query) };
      if (range.since !== undefined && range.until !== undefined && range.since >= range.until) {
        throw queryProblem('until', quoted(query.until ?? ''), 'a time after since');
      }
      return range;
    },
  };
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
