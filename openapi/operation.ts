import type { Method } from '../lambdas/control/route.ts';
import type { ProblemCode } from '../lambdas/core/problem-codes.ts';
import type { Scope } from '../lambdas/core/tenant/token.ts';
import type { QueryParameter } from '../lambdas/runtime/http/query.ts';
import type { AnswerName, RequestName } from './components.ts';
import type { ResponseHeader } from './headers.ts';

export const tags = {
  events: 'Post events, and see what became of them.',
  endpoints: 'Where to deliver what.',
  deliveries: 'Each event on its way to each endpoint; dead letters.',
  tasks: 'Work that is done behind the answer: redrives and replays.',
  applications: 'Tenants.',
  tokens: 'Who may do what.',
  service: 'The deployment itself.',
} as const;

export type Tag = keyof typeof tags;

/** A success. Problems are derived from the route; see `problems.ts`. */
export interface Answer {
  readonly status: number;
  readonly description: string;
  /** Absent: the answer has no body. */
  readonly content?: {
    /** @default application/json */
    readonly type?: string;
    /** Absent: any text. */
    readonly schema?: AnswerName;
    readonly example?: unknown;
  };
  readonly headers?: readonly ResponseHeader[];
}

/** What the document says about a route beyond what the route declares itself: scope, path and query. */
export interface Operation {
  /** Never changes: clients are generated with it. */
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  readonly body?: {
    readonly schema: RequestName;
    readonly example: unknown;
    /** No body asks for the same as `{}`. @default false */
    readonly isOptional?: boolean;
  };
  readonly answers: readonly Answer[];
  /** Beyond those that every such route may answer. */
  readonly problems?: readonly ProblemCode[];
  /** Takes an `Idempotency-Key`. */
  readonly isIdempotent?: boolean;
}

/** Operations by `METHOD /path`. */
export type Operations = Readonly<Record<string, Operation>>;

/** A route as a function declares it. */
export interface DescribedRoute {
  readonly method: Method;
  readonly path: string;
  readonly scope: Scope | 'none';
  readonly query?: readonly (QueryParameter | string)[];
}
