import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentDocument } from '#openapi/committed.ts';
import { ofType, type Resource, synthesized } from '#test/constructs/synthesized.ts';
import { type Api, createApi } from '#test/support/api.ts';
import { type LocalStack, startLocalStack } from '#test/support/local-stack.ts';

const page = 'http://localhost:5173';
let stack: LocalStack;
let operator: Api;

beforeAll(async () => {
  const [api] = ofType(synthesized({ corsOrigins: page }), 'AWS::ApiGatewayV2::Api');
  const CorsConfiguration = api?.[1].Properties.CorsConfiguration;
  stack = await startLocalStack({
    mutateTemplate: ({ Resources }) => {
      for (const { Type, Properties } of Object.values(Resources as Record<string, Resource>)) {
        if (Type === 'AWS::ApiGatewayV2::Api') Object.assign(Properties, { CorsConfiguration });
      }
    },
  });
  operator = createApi(stack.url, stack.adminToken);
});
afterAll(() => stack.stop());

/** As a browser asks before it sends a page's request. */
const preflight = (path: string, method: string, headers: string, origin = page) =>
  fetch(`${stack.url}${path}`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': headers,
    },
  });
const listed = (response: Response, name: string) => response.headers.get(name)?.split(',') ?? [];

describe('a page of an origin that is set', () => {
  it('may send every request of the document', async () => {
    const requests = Object.entries(currentDocument().paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [path.replaceAll(/\{\w+\}/g, 'x'), method.toUpperCase()] as const),
    );
    expect(requests.length).toBeGreaterThan(40);
    for (const [path, method] of requests) {
      const answer = await preflight(path, method, 'authorization');
      expect([path, answer.status]).toEqual([path, 204]);
      expect(answer.headers.get('access-control-allow-origin')).toBe(page);
      expect(listed(answer, 'access-control-allow-methods')).toContain(method);
      expect(listed(answer, 'access-control-allow-headers')).toContain('authorization');
    }
  });

  it('reads what its portal token may, and why it may not', async () => {
    const { token } = await operator.expect(201, 'POST', '/api/applications/default/portal-tokens', {});
    const ask = (path: string) =>
      fetch(`${stack.url}${path}`, { headers: { origin: page, authorization: `Bearer ${token}` } });
    for (const [path, status] of [
      ['/api/endpoints', 200],
      ['/api/events', 403],
    ] as const) {
      const answer = await ask(path);
      expect([path, answer.status]).toEqual([path, status]);
      expect(answer.headers.get('access-control-allow-origin')).toBe(page);
      expect(listed(answer, 'access-control-expose-headers')).toContain('x-request-id');
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    }
  });
});

it.each(['/api/openapi.json', '/docs', '/docs/start.js', '/health', '/metrics', '/nowhere'])(
  'what %s says to one page is not kept for another',
  async (path) => {
    for (const origin of [page, 'https://other.example', undefined]) {
      const { headers } = await fetch(`${stack.url}${path}`, {
        headers: origin === undefined ? {} : { origin },
      });
      const isKept = headers.get('cache-control') !== 'no-store';
      expect(isKept ? headers.get('vary')?.split(', ') : ['origin']).toContain('origin');
    }
  },
);

it('a page of another origin is told nothing that a browser would take for a yes', async () => {
  const other = await preflight('/api/endpoints', 'GET', 'authorization', 'https://other.example');
  const read = await fetch(`${stack.url}/health`, { headers: { origin: 'https://other.example' } });
  expect([other.status, read.status]).toEqual([204, 200]);
  for (const { headers } of [other, read]) {
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }
});
