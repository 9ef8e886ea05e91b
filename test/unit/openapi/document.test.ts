import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { json } from '#adapters/http-api/response.ts';
import { route } from '#adapters/http-api/route.ts';
import { notFound, problemDocument } from '#core/problem/problem.ts';
import { currentDocument, documentText } from '#openapi/committed.ts';
import { answerSchemas } from '#openapi/components.ts';
import { openapiDocument } from '#openapi/document.ts';
import { asPatch, type JsonSchema, withNulls } from '#openapi/merge-patch.ts';
import type { TaggedOperation } from '#openapi/operations.ts';
import { allRoutes } from '#openapi/routes.ts';
import { checkExchange, type Exchange, Undocumented } from '#test/support/openapi.ts';

const document = currentDocument();
const routes = allRoutes();
const things = route({
  ...{ method: 'GET', path: '/things', scope: 'read' },
  handle: async () => json(200, {}),
});
const listThings = {
  ...{ id: 'listThings', tag: 'service', summary: 'List things', description: 'All of them.' },
  answers: [{ status: 200, description: 'Things.', schema: 'Health' }],
} as const satisfies TaggedOperation;

describe('the OpenAPI document', () => {
  it('is committed as the source makes it: npm run openapi writes docs/openapi.json', () => {
    expect(readFileSync('docs/openapi.json', 'utf8')).toBe(documentText());
  });

  it('has formats that validators know', () => {
    const formats = documentText().matchAll(/"format": "([^"]*)"/g);
    expect([...new Set([...formats].map(([, format]) => format))]).toEqual(['date-time']);
  });

  it('cannot be made with a route without an operation, or an operation without a route', () => {
    expect(() => openapiDocument([things], {}, '1')).toThrow(
      'GET /things has no operation; describe it in the file of the route',
    );
    expect(() => openapiDocument([], { 'GET /things': listThings }, '1')).toThrow(
      'GET /things is described, but no function serves it',
    );
    const bare = { ...things, query: ['colour'] };
    expect(() => openapiDocument([bare], { 'GET /things': listThings }, '1')).toThrow(
      'GET /things takes colour without a description; declare a QueryParameter',
    );
    expect(openapiDocument([things], { 'GET /things': listThings }, '1').paths).toHaveProperty('/things');
  });

  it.each(routes.map((one) => [`${one.method} ${one.path}`, one] as const))(
    'asks for %s the scope and the capability that its function asks for',
    (_, { method, path, scope, capability }) => {
      const operation = document.paths[path]?.[method.toLowerCase()] as Record<string, unknown>;
      expect(operation.security).toEqual(scope === 'none' ? [] : [{ token: scope === 'any' ? [] : [scope] }]);
      expect(operation['x-scope']).toBe(scope === 'none' ? undefined : scope);
      expect(operation['x-capability']).toBe(capability);
    },
  );

  it('allows unknown members only in objects that the application defines or that count by name', () => {
    const { schemas } = document.components as { schemas: Record<string, JsonSchema> };
    const open = Object.keys(answerSchemas).flatMap((name) => openObjects(schemas[name], name));
    expect(open.sort()).toEqual([
      'Application.metadata',
      'ApplicationStats.totals.retries',
      'ApplicationStats.totals.settled.deadByReason',
      'Attempt.responseHeaders',
      'Endpoint.headers',
      'Endpoint.metadata',
      'EndpointStats.totals.retries',
      'EndpointStats.totals.settled.deadByReason',
      'OpenapiDocument',
    ]);
  });

  it('describes every header that a receiver gets', () => {
    const { delivery } = document.webhooks as { delivery: { post: { parameters: { name: string }[] } } };
    expect(delivery.post.parameters.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['webhook-id', 'webhook-signature', 'X-Hook0-Signature', 'X-Hook0-Attempt']),
    );
  });
});

function openObjects(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type, properties = {}, additionalProperties, items, anyOf = [] } = schema as JsonSchema;
  return [
    ...(type === 'object' && additionalProperties !== false ? [path] : []),
    ...Object.entries(properties as object).flatMap(([name, one]) => openObjects(one, `${path}.${name}`)),
    ...openObjects(items, `${path}[]`),
    ...(anyOf as unknown[]).flatMap((one) => openObjects(one, path)),
  ];
}

const taskId = 'tsk_01k7h9c3e6g8jbmdnfqhskvwxy';
const started = {
  ...{ method: 'POST', path: '/api/dead-letters/redrive', requestBody: '', status: 202 },
  headers: { 'content-type': 'application/json', location: `/api/tasks/${taskId}` },
  body: JSON.stringify({ taskId }),
} satisfies Exchange;
const missing = JSON.stringify(problemDocument(notFound('task', taskId)));

describe('the comparison of an answer with the document', () => {
  it('passes for an answer as described', () => {
    expect(() => checkExchange(started)).not.toThrow();
  });

  it.each<[string, Partial<Exchange>, string]>([
    [
      'a member that is unknown',
      { body: JSON.stringify({ taskId, more: 1 }) },
      '"additionalProperty":"more"',
    ],
    ['a member that is missing', { body: '{}' }, '"missingProperty":"taskId"'],
    ['an id of another kind', { body: JSON.stringify({ taskId: 'evt_1' }) }, 'must match pattern'],
    ['an unknown status', { status: 200 }, 'redriveDeadLetters has no such status'],
    ['a header that is missing', { headers: { 'content-type': 'application/json' } }, 'location is missing'],
    ['a header that is unknown', { headers: { ...started.headers, allow: 'GET' } }, 'it has no header allow'],
    [
      'another media type',
      { headers: { ...started.headers, 'content-type': 'text/plain' } },
      'no media type',
    ],
    [
      'a problem that cannot be there',
      { status: 409, headers: { 'content-type': 'application/problem+json' }, body: missing },
      'must be equal to',
    ],
    ['a request that it refuses', { requestBody: '{"endpointIds":[]}' }, 'the accepted request'],
    ['an operation that it lacks', { path: '/api/redrive' }, 'must have required property'],
  ])('fails for %s', (_, change, why) => {
    expect(() => checkExchange({ ...started, ...change })).toThrow(Undocumented);
    expect(() => checkExchange({ ...started, ...change })).toThrow(why);
  });
});

describe('a merge patch in the document', () => {
  const schema = {
    type: 'object',
    properties: {
      name: { type: 'string' },
      size: { type: 'integer', default: 1, description: 'how large' },
      anything: { description: 'whatever' },
      inner: { type: 'object', properties: { depth: { type: 'integer' } }, required: ['depth'] },
      names: { type: 'object', additionalProperties: { type: 'string' } },
      rule: { $ref: '#/components/schemas/Rule' },
    },
    required: ['name'],
    additionalProperties: false,
  };
  const orNull = (one: object) => ({ anyOf: [one, { type: 'null' }] });

  it('may be null where nothing needs to be given', () => {
    expect(withNulls(schema).properties).toMatchObject({
      name: { type: 'string' },
      size: { ...orNull({ type: 'integer' }), default: 1, description: 'how large' },
      anything: { description: 'whatever' },
    });
  });

  it('requires no field at any depth, and replaces referenced schemas as a whole', () => {
    expect(asPatch(schema)).toEqual({
      type: 'object',
      properties: {
        name: orNull({ type: 'string' }),
        size: { ...orNull({ type: 'integer' }), description: 'how large' },
        anything: { description: 'whatever' },
        inner: orNull({ type: 'object', properties: { depth: orNull({ type: 'integer' }) } }),
        names: orNull({ type: 'object', additionalProperties: orNull({ type: 'string' }) }),
        rule: orNull({ $ref: '#/components/schemas/Rule' }),
      },
      additionalProperties: false,
    });
  });
});
