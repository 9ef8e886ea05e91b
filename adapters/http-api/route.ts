import type { Problem } from '#core/problem/problem.ts';
import type { Capability } from '#core/token/capability.ts';
import type { Caller, RequiredScope } from './auth.ts';
import type { Query, QueryParameter } from './query.ts';
import type { HttpRequest } from './request.ts';
import type { HttpResponse } from './response.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** The names in braces in a path. */
type ParameterIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterIn<Rest>
  : never;

/** A request whose token has the scope of the route, whose ids are well-formed, and whose query has known parameters. */
interface Call<Parameter extends string = string> {
  readonly request: HttpRequest;
  readonly params: Readonly<Record<Parameter, string>>;
  readonly query: Query;
  readonly caller: Caller;
}

/** A call of a route that needs no token. */
type PublicCall<Parameter extends string = string> = Omit<Call<Parameter>, 'caller'>;

interface RouteBase<Path extends string> {
  readonly method: Method;
  /** e.g. `/api/endpoints/{endpointId}`. The router knows the form of each parameter. */
  readonly path: Path;
  /** The query parameters of the route. The router refuses others. */
  readonly query?: readonly (QueryParameter | string)[];
  /** Changes the problems of the route, including those that the router finds before it calls the route. */
  readonly asProblem?: (problem: Problem) => Problem;
}

export interface ScopedRoute<Path extends string = string> extends RouteBase<Path> {
  readonly scope: RequiredScope;
  /** The capability that a portal token needs. Without one the route is closed to portal tokens. */
  readonly capability?: Capability;
  /** False for routes outside applications. Others answer 404 when an operator names an application that does not exist. */
  readonly inApplication?: boolean;
  // A method and not a property, so that routes with different parameters fit in one list.
  handle(call: Call<ParameterIn<Path>>): Promise<HttpResponse>;
}

export interface PublicRoute<Path extends string = string> extends RouteBase<Path> {
  readonly scope: 'none';
  handle(call: PublicCall<ParameterIn<Path>>): Promise<HttpResponse>;
}

export type ApiRoute = ScopedRoute | PublicRoute;

/** Declares a route. The type of `params` follows from the path. */
export function route<const Path extends string>(declared: ScopedRoute<Path>): ApiRoute {
  return declared;
}

export function publicRoute<const Path extends string>(declared: PublicRoute<Path>): ApiRoute {
  return declared;
}
