import { Problem } from '#core/problem/problem.ts';
import { parseInstant } from '#core/validation/instant.ts';

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

/** A query parameter: how it is read, and what the API's description says about it. */
export interface QueryParameter<Value = unknown> {
  readonly name: string;
  readonly description: string;
  /** @default false */
  readonly isRequired?: boolean;
  /** A JSON Schema of its text. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Undefined when it is not given. @throws Problem `invalid_query` */
  readonly read: (query: Query) => Value | undefined;
}

/** Any text, which its route judges. */
export function textParameter(name: string, description: string): QueryParameter<string> {
  return { ...{ name, description, schema: { type: 'string' } }, read: (query) => query[name] };
}

/** One of a few values. */
export function choiceParameter<Value extends string>(
  name: string,
  values: readonly Value[],
  description: string,
): QueryParameter<Value> {
  return {
    ...{ name, description, schema: { type: 'string', enum: values } },
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
    ...{ name, description: `${description} Accepted: ${accepted}.`, schema: { type: 'string', ...schema } },
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

/** A whole number of 1 to `most`, which has a default. */
export function wholeParameter({ name, description, most, default: usual }: WholeParameter) {
  return {
    ...{ name, description, schema: { type: 'integer', minimum: 1, maximum: most, default: usual } },
    read(query: Query): number {
      const given = query[name];
      if (given === undefined) return usual;
      const value = Number(given);
      if (!/^\d{1,3}$/.test(given) || value < 1 || value > most) {
        throw queryProblem(name, quoted(given), `a whole number of 1 to ${most}`);
      }
      return value;
    },
  } satisfies QueryParameter<number>;
}

/** An ISO 8601 time with a zone, as epoch milliseconds. */
export function timeParameter(name: string, description: string): QueryParameter<number> {
  return {
    ...{ name, description, schema: { type: 'string', format: 'date-time' } },
    read(query) {
      const given = query[name];
      if (given === undefined) return undefined;
      // A plus sign in a query reads as a blank unless it was encoded, which most people forget.
      const parsed = parseInstant(given.replace(' ', '+'));
      if (parsed === undefined) {
        throw queryProblem(name, quoted(given), 'an ISO 8601 time with a zone, such as 2026-01-31T12:00:00Z');
      }
      return parsed;
    },
  };
}

/**
 * `since` (inclusive) and `until` (exclusive), which are read together.
 *
 * @param what - what is told of a time, for the API's description.
 */
export function timeRange(what: string) {
  const since = timeParameter('since', `Only ${what} of this time or later.`);
  const until = timeParameter('until', `Only ${what} before this time.`);
  return {
    parameters: [since, until] as const,
    /**
     * Epoch milliseconds, each only where it is given.
     *
     * @throws Problem (`invalid_query`) for a time that is none, or an empty range
     */
    read(query: Query): { readonly since?: number; readonly until?: number } {
      const [from, to] = [since.read(query), until.read(query)];
      if (from !== undefined && to !== undefined && from >= to) {
        throw queryProblem('until', quoted(query.until ?? ''), 'a time after since');
      }
      return { ...(from === undefined ? {} : { since: from }), ...(to === undefined ? {} : { until: to }) };
    },
  };
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
