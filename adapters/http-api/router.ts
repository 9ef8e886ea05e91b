import { eventTypePattern } from '#core/event/type-name.ts';
import { idPatterns } from '#core/id/ids.ts';
import { notFound, Problem } from '#core/problem/problem.ts';
import type { Authenticate } from './auth.ts';
import type { CountRequest } from './count-request.ts';
import { problemFor } from './failure.ts';
import { readQuery } from './query.ts';
import type { HttpRequest } from './request.ts';
import { type HttpResponse, noContent } from './response.ts';
import type { ApiRoute } from './route.ts';

export interface RouterOptions {
  readonly routes: readonly ApiRoute[];
  readonly authenticate: Authenticate;
  readonly countRequest: CountRequest;
  readonly applicationExists: (id: string) => Promise<boolean>;
  /** Methods that other functions serve, by path. `allow` names them as well. */
  readonly servedElsewhere?: Readonly<Record<string, readonly string[]>>;
}

type Parameters = Readonly<Record<string, string>>;

/** The form of each path parameter. A value of another form answers 404. */
export const parameterForms: Readonly<
  Record<string, { readonly resource: string; readonly pattern: RegExp }>
> = {
  applicationId: { resource: 'application', pattern: idPatterns.application },
  endpointId: { resource: 'endpoint', pattern: idPatterns.endpoint },
  eventId: { resource: 'event', pattern: idPatterns.event },
  deliveryId: { resource: 'delivery', pattern: idPatterns.delivery },
  eventType: { resource: 'event type', pattern: eventTypePattern },
  taskId: { resource: 'task', pattern: idPatterns.task },
  file: { resource: 'file', pattern: /^[a-zA-Z.-]{1,64}$/ },
  tokenId: { resource: 'token', pattern: idPatterns.token },
};

/**
 * Calls the route of a request. It checks the path (404), the method (405), the token (401, 403), its rate (429), the ids
 * (404) and the query (400), in this order, so that a caller without a valid token learns nothing about resources. A literal path goes
 * before a path with a parameter. HEAD is answered like GET without the body.
 *
 * @throws Problem
 * @throws Error when two routes collide or a parameter has no known form, which is an error in the table
 */
export function createRouter(options: RouterOptions) {
  const { routes, servedElsewhere = {} } = options;
  const table = routes.map((route) => ({ route, segments: route.path.split('/') }));
  checkTable(routes);

  return async function respond(request: HttpRequest): Promise<HttpResponse> {
    const elsewhere = servedElsewhere[request.path] ?? [];
    const found = mostLiteral(table, request.path.split('/'), elsewhere.length > 0);
    if (found.length === 0 && elsewhere.length === 0) {
      const path = JSON.stringify(request.path.slice(0, 128));
      throw new Problem('route_not_found', { detail: `the API has no path ${path}` });
    }
    const allow = allowed([...found.map(({ route }) => route.method), ...elsewhere]);
    if (request.method === 'OPTIONS') return noContent({ allow });
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const chosen = found.find(({ route }) => route.method === method);
    if (chosen === undefined) {
      throw new Problem('method_not_allowed', {
        detail: `received ${JSON.stringify(request.method.slice(0, 32))}; accepted: ${allow}`,
        accepted: allow,
        headers: { allow },
      });
    }
    const { route, params } = chosen;
    const response = await call(options, route, params, request).catch((error: unknown) => {
      const problem = route.asProblem && problemFor(error);
      throw route.asProblem && problem ? route.asProblem(problem) : error;
    });
    return request.method === 'HEAD' ? { ...response, body: '' } : response;
  };
}

async function call(
  { authenticate, countRequest, applicationExists }: RouterOptions,
  route: ApiRoute,
  params: Parameters,
  request: HttpRequest,
): Promise<HttpResponse> {
  if (route.scope === 'none') {
    checkParameters(params);
    return route.handle({ request, params, query: readQuery(request.query, namesOf(route)) });
  }
  const caller = await authenticate(request, route.scope, route.capability);
  await countRequest(caller);
  checkParameters(params);
  const query = readQuery(request.query, namesOf(route));
  // The tokens of an application work for a moment after it was removed, so that they are checked too.
  const isOutside = route.inApplication === false && caller.isOperator;
  if (!isOutside && !(await applicationExists(caller.applicationId))) {
    throw notFound('application', caller.applicationId);
  }
  return route.handle({ request, params, query, caller });
}

interface Match {
  readonly route: ApiRoute;
  readonly params: Parameters;
}

/** The routes that match a path with the fewest parameters. */
function mostLiteral(
  table: readonly { readonly route: ApiRoute; readonly segments: readonly string[] }[],
  given: readonly string[],
  onlyLiteral: boolean,
): Match[] {
  const matching = table.flatMap(({ route, segments }) => {
    const params = match(segments, given);
    return params === undefined ? [] : [{ route, params, count: Object.keys(params).length }];
  });
  const fewest = onlyLiteral ? 0 : Math.min(...matching.map(({ count }) => count));
  return matching.filter(({ count }) => count === fewest);
}

function match(segments: readonly string[], given: readonly string[]): Parameters | undefined {
  if (segments.length !== given.length) return undefined;
  const params = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    const text = given[index] ?? '';
    const name = parameterName(segment);
    if (name === undefined ? segment !== text : text === '') return undefined;
    if (name !== undefined) params.set(name, text);
  }
  return Object.fromEntries(params);
}

const parameterName = (segment: string): string | undefined => /^\{(\w+)\}$/.exec(segment)?.[1];

function checkParameters(params: Parameters): void {
  for (const [name, text] of Object.entries(params)) {
    const form = parameterForms[name];
    if (form !== undefined && !form.pattern.test(text)) throw notFound(form.resource, text);
  }
}

const namesOf = ({ query = [] }: ApiRoute): string[] =>
  query.map((parameter) => (typeof parameter === 'string' ? parameter : parameter.name));

function allowed(methods: readonly string[]): string {
  const all = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
  return [...all, 'OPTIONS'].join(', ');
}

function checkTable(routes: readonly ApiRoute[]): void {
  const seen = new Set<string>();
  for (const { method, path } of routes) {
    const shape = `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`;
    if (seen.has(shape)) throw new Error(`two routes answer ${method} ${path}; keep one`);
    seen.add(shape);
    for (const name of path.split('/').map(parameterName)) {
      if (name !== undefined && parameterForms[name] === undefined) {
        throw new Error(
          `${path} has the unknown parameter {${name}}; known: ${Object.keys(parameterForms).join(', ')}`,
        );
      }
    }
  }
}
