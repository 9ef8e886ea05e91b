import { describe, expect, it } from 'vitest';
import type { RequiredScope } from '#adapters/http-api/auth.ts';
import type { HttpRequest } from '#adapters/http-api/request.ts';
import { json } from '#adapters/http-api/response.ts';
import { type ApiRoute, publicRoute, route } from '#adapters/http-api/route.ts';
import { createRouter } from '#adapters/http-api/router.ts';
import { Problem } from '#core/problem/problem.ts';
import type { Scope } from '#core/token/token.ts';

const endpointId = 'ep_01h455vb4pex5vsknk084sn02q';
const record = (applicationId: string) => ({
  id: 'tok_1',
  applicationId,
  name: 'test',
  scopes: ['admin' as Scope],
  createdAt: 0,
});

function routerOf(routes: readonly ApiRoute[], { operator = false, exists = true } = {}) {
  const counted: boolean[] = [];
  const asked: RequiredScope[] = [];
  const respond = createRouter({
    routes,
    authenticate: async (_, scope) => {
      asked.push(scope);
      return {
        applicationId: 'default',
        isOperator: operator,
        hops: 0,
        token: record(operator ? '*' : 'default'),
      };
    },
    countRequest: async ({ isOperator }) => {
      counted.push(isOperator);
    },
    applicationExists: async () => exists,
    servedElsewhere: { '/things': ['POST'], '/endpoints/batch': ['POST'] },
  });
  const call = (method: string, target: string) => {
    const [path = '', query = ''] = target.split('?');
    const request: HttpRequest = {
      ...{ method, path, host: 'localhost', requestId: 'r-1', headers: {} },
      query: new URLSearchParams(query),
      body: { content: '', isBase64: false },
    };
    return respond(request);
  };
  return { call, asked, counted };
}

const problemOf = async (answer: Promise<unknown>): Promise<Problem> => {
  const error = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Problem);
  return error as Problem;
};

const things = route({
  method: 'GET',
  path: '/things',
  scope: 'read',
  query: ['limit'],
  handle: async ({ query }) => json(200, { query }),
});
const thing = route({
  method: 'DELETE',
  path: '/endpoints/{endpointId}/things',
  scope: 'manage',
  handle: async ({ params, caller }) => json(200, { params, applicationId: caller.applicationId }),
});
const open = publicRoute({
  method: 'GET',
  path: '/open',
  scope: 'none',
  handle: async () => json(200, { open: true }),
});

describe('the router', () => {
  it('passes parameters, query and caller to a route after it has checked the scope', async () => {
    const { call, asked } = routerOf([things, thing, open]);
    expect((await call('GET', '/things?limit=3')).body).toBe('{"query":{"limit":"3"}}');
    expect((await call('DELETE', `/endpoints/${endpointId}/things`)).body).toBe(
      JSON.stringify({ params: { endpointId }, applicationId: 'default' }),
    );
    expect(asked).toEqual(['read', 'manage']);
  });

  it('needs no token for a public route', async () => {
    const { call, asked } = routerOf([open]);
    expect((await call('GET', '/open')).body).toBe('{"open":true}');
    expect(asked).toEqual([]);
  });

  it.each(['/', '/thing', '/things/', '//things', '/things/x', '/endpoints//things', '/THINGS'])(
    'knows nothing at %s',
    async (path) => {
      expect(await problemOf(routerOf([things, thing]).call('GET', path))).toMatchObject({
        status: 404,
        code: 'route_not_found',
      });
    },
  );

  it('names the methods of a path, including those of other functions', async () => {
    const { call } = routerOf([things, thing]);
    expect(await problemOf(call('PUT', '/things'))).toMatchObject({
      status: 405,
      headers: { allow: 'GET, POST, HEAD, OPTIONS' },
    });
    expect(await call('OPTIONS', '/things')).toMatchObject({
      statusCode: 204,
      headers: { allow: 'GET, POST, HEAD, OPTIONS' },
    });
  });

  it('prefers a literal path to a parameter', async () => {
    const one = route({
      method: 'GET',
      path: '/endpoints/{endpointId}',
      scope: 'read',
      handle: async () => json(200, { one: true }),
    });
    const search = route({
      method: 'POST',
      path: '/endpoints/search',
      scope: 'read',
      handle: async () => json(200, { search: true }),
    });
    const { call } = routerOf([one, search]);
    for (const path of ['/endpoints/batch', '/endpoints/search']) {
      for (const method of ['GET', 'HEAD', 'PUT']) {
        expect(await problemOf(call(method, path))).toMatchObject({
          status: 405,
          headers: { allow: 'POST, OPTIONS' },
        });
      }
      expect((await call('OPTIONS', path)).headers.allow).toBe('POST, OPTIONS');
    }
    expect((await call('POST', '/endpoints/search')).statusCode).toBe(200);
    expect((await call('GET', `/endpoints/${endpointId}`)).statusCode).toBe(200);
  });

  it('answers HEAD like GET without the body', async () => {
    const { call } = routerOf([things]);
    expect(await call('HEAD', '/things')).toEqual({ ...(await call('GET', '/things')), body: '' });
  });

  it('answers 404 for a malformed id after it has checked the token', async () => {
    const { call, asked } = routerOf([thing]);
    expect(await problemOf(call('DELETE', '/endpoints/ep_1/things'))).toMatchObject({
      status: 404,
      code: 'not_found',
    });
    expect(asked).toEqual(['manage']);
  });

  it.each(['limt=1', 'limit=1&limit=2', '__proto__=1'])('refuses the query %s by name', async (query) => {
    const problem = await problemOf(routerOf([things]).call('GET', `/things?${query}`));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_query', field: query.split('=')[0] });
  });

  it.each([true, false])(
    'finds nothing in an application that is not there, for its own tokens too (operator: %s)',
    async (operator) => {
      expect(
        await problemOf(routerOf([things], { operator, exists: false }).call('GET', '/things')),
      ).toMatchObject({ status: 404 });
    },
  );

  it('lets only operators call routes outside applications when the named application does not exist', async () => {
    const outside = route({
      method: 'GET',
      path: '/outside',
      scope: 'read',
      inApplication: false,
      handle: async () => json(200, {}),
    });
    const called = (operator: boolean) =>
      routerOf([outside], { operator, exists: false }).call('GET', '/outside');
    expect((await called(true)).statusCode).toBe(200);
    expect(await problemOf(called(false))).toMatchObject({ status: 404 });
  });

  it('refuses tables with errors', () => {
    expect(() => routerOf([things, things])).toThrow('two routes answer GET /things');
    const odd = route({
      method: 'GET',
      path: '/odd/{oddId}',
      scope: 'read',
      handle: async () => json(200, {}),
    });
    expect(() => routerOf([odd])).toThrow('unknown parameter {oddId}');
  });
});
