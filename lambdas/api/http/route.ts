import type { Caller } from '#adapters/http-api/auth.ts';
import type { Query, QueryParameter } from '#adapters/http-api/query.ts';
import type { HttpRequest } from '#adapters/http-api/request.ts';
import type { HttpResponse } from '#adapters/http-api/response.ts';
import type { Problem } from '#core/problem/problem.ts';
import type { Capability } from '#core/token/capability.ts';
import type { Scope } from '#core/token/token.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** The names between braces in a path. */
export type ParameterIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterIn<Rest>
  : never;

/** A request that was let in: its token has the scope, its path's ids are well formed, its query is known. */
export interface Call<Parameter extends string = string> {
  readonly request: HttpRequest;
  readonly params: Readonly<Record<Parameter, string>>;
  readonly query: Query;
  readonly caller: Caller;
}

/** A call to a route that asks for no token. */
export type PublicCall<Parameter extends string = string> = Omit<Call<Parameter>, 'caller'>;

interface RouteBase<Path extends string> {
  readonly method: Method;
  /** e.g. `/api/endpoints/{endpointId}`; the router knows how each parameter must look. */
  readonly path: Path;
  /** The query parameters it takes; any other is refused by name. */
  readonly query?: readonly (QueryParameter | string)[];
  /** How its problems are told, also those that are found before it is called. */
  readonly tell?: (problem: Problem) => Problem;
}

export interface ScopedRoute<Path extends string = string> extends RouteBase<Path> {
  readonly scope: Scope;
  /** What lets a portal token in; without one the route is closed to portals. */
  readonly capability?: Capability;
  /** False for routes that are not inside an application; the others answer 404 when an operator names none that exists. */
  readonly inApplication?: boolean;
  // A method, not a property: a route for certain parameters then fits in a list of routes for any.
  handle(call: Call<ParameterIn<Path>>): Promise<HttpResponse>;
}

export interface PublicRoute<Path extends string = string> extends RouteBase<Path> {
  readonly scope: 'none';
  handle(call: PublicCall<ParameterIn<Path>>): Promise<HttpResponse>;
}

export type Route = ScopedRoute | PublicRoute;

/** Declares a route; its handler knows the parameters of its path. */
export function route<const Path extends string>(declared: ScopedRoute<Path>): Route {
  return declared;
}

export function publicRoute<const Path extends string>(declared: PublicRoute<Path>): Route {
  return declared;
}
