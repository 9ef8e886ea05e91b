import type { QueryParameter } from '#adapters/http-api/query.ts';
import type { ProblemCode } from '#core/problem/problem-codes.ts';
import type { Capability } from '#core/token/capability.ts';
import type { Scope } from '#core/token/token.ts';
import type { Method } from '#lambdas/api/http/route.ts';
import type { AnswerName, RequestName } from './components.ts';
import type { RequestHeader, ResponseHeader } from './headers.ts';

export const tags = {
  events: 'Post events, and see what became of them.',
  endpoints: 'Where to deliver what.',
  deliveries: 'Each event on its way to each endpoint; dead letters.',
  'event types': 'What events there are, and the JSON Schemas that their payloads must pass.',
  tasks: 'Work that is done behind the answer: redrives, replays and recoveries.',
  statistics: 'What was counted.',
  applications: 'Tenants.',
  tokens: 'Who may do what.',
  'original Hook0': 'What clients of the original Hook0 call, in its own words.',
  service: 'The deployment itself.',
} as const;

export type Tag = keyof typeof tags;

export interface Content {
  /** @default application/json */
  readonly type?: string;
  /** Absent: any text. */
  readonly schema?: AnswerName;
  readonly example?: unknown;
}

/** A success. Problems are derived from the route; see `problems.ts`. */
export interface Answer {
  readonly status: number;
  readonly description: string;
  /** Absent: the answer has no body. */
  readonly content?: Content | readonly Content[];
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
  /** Headers that it reads, beyond those that every such route does. */
  readonly headers?: readonly RequestHeader[];
}

/** Operations by `METHOD /path`. */
export type Operations = Readonly<Record<string, Operation>>;

/** A route as a function declares it. */
export interface DescribedRoute {
  readonly method: Method;
  readonly path: string;
  readonly scope: Scope | 'none';
  /** What lets a portal token in. */
  readonly capability?: Capability;
  readonly query?: readonly (QueryParameter | string)[];
}
