import { describe, expect, it } from 'vitest';
import { routeTable } from '#local/gateway/routes.ts';

const match = routeTable(
  [
    '$default',
    'ANY /x/{proxy+}',
    'POST /api/events',
    'ANY /api/events',
    'GET /api/{id}',
    'GET /api/events/{id}',
    'GET /{a}/{b}',
  ].map((key) => ({ key, target: key })),
);

describe('the routes of an HTTP API', () => {
  it.each([
    ['POST', '/api/events', 'POST /api/events', {}],
    ['PUT', '/api/events', 'ANY /api/events', {}],
    ['GET', '/api/things', 'GET /api/{id}', { id: 'things' }],
    ['GET', '/api/events/7', 'GET /api/events/{id}', { id: '7' }],
    ['GET', '/x/1', 'GET /{a}/{b}', { a: 'x', b: '1' }],
    ['POST', '/x/1', 'ANY /x/{proxy+}', { proxy: '1' }],
    ['GET', '/x/1/2/3', 'ANY /x/{proxy+}', { proxy: '1/2/3' }],
    ['GET', '/x/', '$default', {}],
    ['GET', '/x', '$default', {}],
    ['POST', '/api/events/', '$default', {}],
    ['GET', '/', '$default', {}],
  ])('sends %s %s to %s', (method, path, key, pathParameters) => {
    expect(match(method, path)).toMatchObject({ route: { key }, pathParameters });
  });

  it('finds nothing without a default route', () => {
    expect(routeTable([{ key: 'GET /a', target: 1 }])('GET', '/b')).toBeUndefined();
  });

  it('refuses a key that is not a route', () => {
    expect(() => routeTable([{ key: '/a', target: 1 }])).toThrow('expected "METHOD /path" or "$default"');
  });
});
