import type { ProblemCode } from '#core/problem/problem-codes.ts';

/** Headers that some operations read; every operation reads those that concern the token. */
export type RequestHeader = 'idempotency-key' | 'last-event-id';

export type ResponseHeader =
  | 'location'
  | 'allow'
  | 'retry-after'
  | 'accept'
  | 'content-encoding'
  | 'vary'
  | 'idempotent-replayed'
  | 'www-authenticate';

/** A success. The document derives the problems from the route. */
export interface Answer<Schema extends string = string> {
  readonly status: number;
  readonly description: string;
  /** The schema of a JSON body. Absent when the answer has no body, or one of other `types`. */
  readonly schema?: Schema;
  /** The media types of a body that is not JSON with a schema. */
  readonly types?: readonly string[];
  readonly headers?: readonly ResponseHeader[];
}

/**
 * What the OpenAPI document says about a route besides its scope, path and query. The file of the route has it in a
 * constant that no function imports, so that bundles do not hold it.
 */
export interface Operation<Body extends string = string, Schema extends string = string> {
  /** Never changes, because generated clients are named after it. */
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  /** The schema of the request body. */
  readonly body?: Body;
  /** No body means the same as `{}`. @default false */
  readonly isBodyOptional?: boolean;
  readonly answers: readonly Answer<Schema>[];
  /** Problems besides those that every route of its kind has. */
  readonly problems?: readonly ProblemCode[];
  readonly headers?: readonly RequestHeader[];
}

/** Operations by `METHOD /path`. */
export type Operations<Body extends string = string, Schema extends string = string> = Readonly<
  Record<string, Operation<Body, Schema>>
>;
