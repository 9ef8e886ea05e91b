import { randomBytes, randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { expect } from 'vitest';
import { createAuthenticate, type RequiredScope } from '#adapters/http-api/auth.ts';
import { createHttpFunction } from '#adapters/http-api/http-function.ts';
import type { HttpResponse } from '#adapters/http-api/response.ts';
import type { ApiRoute } from '#adapters/http-api/route.ts';
import { deliveryId } from '#core/id/ids.ts';
import { newTask } from '#core/task/task.ts';
import type { Capability } from '#core/token/capability.ts';
import { hashToken, makeToken, tokenRandomBytes } from '#core/token/token.ts';
import { ingest, ingestRoutes } from '#lambdas/ingest/routes.ts';
import { api } from './api-fixture.ts';
import { anEndpoint, gatewayEvent, startApi } from './api-function.ts';
import { deliveryOf, eventOf, movedTo } from './deliveries.ts';
import { startDatabase } from './dynamodb.ts';

/** An entry of the route tables of the api and ingest functions. */
export type Entry = Pick<ApiRoute, 'method' | 'path'> & {
  readonly scope: RequiredScope | 'none';
  readonly capability?: Capability;
  readonly inApplication?: boolean;
};

// The tests need paths and methods before the API starts. Nothing calls these routes.
export const declared = await (async (): Promise<readonly Entry[]> => {
  const own = await startDatabase();
  const { routes } = await startApi(own);
  await own.stop();
  return [...routes, ...ingestRoutes];
})();

export const nameOf = ({ method, path }: Entry): string => `${method} ${path}`;

/** Only for operators, with any scope. */
export const operatorsOnly = new Set([
  'POST /api/applications',
  'GET /api/applications',
  'DELETE /api/applications/{applicationId}',
]);

/** Bodies that a route accepts; `{}` for others. */
export const bodies: Readonly<Record<string, unknown>> = {
  'POST /api/endpoints': anEndpoint,
  'POST /api/applications': { name: 'x' },
  'POST /api/tokens': { name: 'x', scopes: ['read'] },
  'POST /api/event-types': { name: 'order.made' },
  'POST /api/v1/event_types': { application_id: randomUUID(), service: 'a', resource_type: 'b', verb: 'c' },
  'POST /api/events': { type: 'a', payload: {} },
  'POST /api/events/batch': { events: [{ type: 'a', payload: {} }] },
  'POST /api/v1/event': {
    ...{ application_id: randomUUID(), event_type: 'a.b.c', labels: { all: 'yes' } },
    ...{ payload: '{}', payload_content_type: 'application/json', occurred_at: '2026-01-01T00:00:00Z' },
  },
  'POST /api/endpoints/{endpointId}/recover': { since: '2026-01-01T00:00:00Z' },
};

/** Query parameters that a route requires. */
const queries: Readonly<Record<string, string>> = {
  'GET /api/v1/event_types': `?application_id=${randomUUID()}`,
};

/** The status for a request with access. Any status but 401 and 403 is right for a POST that is not in this list. */
export const answers: Readonly<Record<string, number>> = {
  'POST /api/endpoints': 201,
  'POST /api/applications': 201,
  'POST /api/applications/{applicationId}/portal-tokens': 201,
  'POST /api/tokens': 201,
  'POST /api/events': 202,
  'POST /api/v1/event': 201,
  'POST /api/events/batch': 202,
  'POST /api/events/{eventId}/replay': 202,
  'POST /api/deliveries/{deliveryId}/retry': 202,
  'POST /api/dead-letters/redrive': 202,
  'POST /api/endpoints/{endpointId}/recover': 202,
  ...Object.fromEntries(
    ['pause', 'resume', 'enable', 'disable', 'circuit/reset'].map((action) => [
      `POST /api/endpoints/{endpointId}/${action}`,
      200,
    ]),
  ),
  'POST /api/tasks/{taskId}/cancel': 200,
};
const usual: Readonly<Record<string, number>> = { GET: 200, PATCH: 200, PUT: 200, DELETE: 204 };

const headers = (application: string) => ({ 'X-Hook0-Application': application });

async function anEndpointOf(application: string): Promise<string> {
  const made = await api.call('POST /api/endpoints', { body: anEndpoint, headers: headers(application) });
  return made.body.id;
}

async function aDeadDelivery(application: string) {
  const endpointId = await anEndpointOf(application);
  const now = Date.now();
  const event = eventOf({
    ...{ applicationId: application, timestamp: now, deliverAt: now },
    ...{ endpointCount: 1, endpoints: [{ endpointId, priority: 'high' }] },
  });
  await api.stores.events.create(event);
  const delivery = deliveryOf({ applicationId: application, endpointId, eventId: event.id, createdAt: now });
  await api.stores.deliveries.store({
    ...movedTo(delivery, { status: 'dead', reason: 'exhausted', settledAt: now }),
    revision: 1,
  });
  return { endpointId, eventId: event.id };
}

/** Creates a resource of an application for each path parameter. Each call gets a new one, because calls change it. */
const fixtures: Readonly<Record<string, (application: string, entry: Entry) => Promise<string>>> = {
  applicationId: async (application, { method }) => {
    if (method !== 'DELETE' || application !== 'acme') return application;
    return (await api.call('POST /api/applications', { body: { name: 'to be removed' } })).body.id;
  },
  endpointId: anEndpointOf,
  eventType: async (application) => {
    const name = `order.${randomBytes(8).toString('hex')}`;
    await api.call('POST /api/event-types', { body: { name }, headers: headers(application) });
    return name;
  },
  // The files of the page belong to no application.
  file: async () => 'start.js',
  eventId: async (application) => (await aDeadDelivery(application)).eventId,
  deliveryId: async (application) => {
    const { endpointId, eventId } = await aDeadDelivery(application);
    return deliveryId(endpointId, eventId);
  },
  taskId: async (application) => {
    const task = newTask(api.ids.task(), application, { kind: 'redrive' }, Date.now());
    await api.stores.tasks.store(task);
    return task.id;
  },
  tokenId: async (application) => {
    const record = { id: api.ids.token(), applicationId: application, name: 'x', scopes: [] };
    const hash = hashToken(makeToken(randomBytes(tokenRandomBytes)));
    await api.stores.tokens.create({ ...record, createdAt: Date.now() }, hash);
    return record.id;
  },
};

export const parametersOf = ({ path }: Entry): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

async function pathFor(entry: Entry, application: string): Promise<string> {
  let path = entry.path;
  for (const name of parametersOf(entry)) {
    const fixture = fixtures[name];
    if (!fixture) throw new Error(`${nameOf(entry)}: add a ${name} to \`fixtures\``);
    path = path.replace(`{${name}}`, await fixture(application, entry));
  }
  return path + (queries[nameOf(entry)] ?? '');
}

interface Try {
  readonly token: string;
  /** The application of the resources in the path. @default acme */
  readonly things?: string;
  readonly application?: string;
  /** The hop header. */
  readonly hops?: string;
}

export async function statusOf(
  entry: Entry,
  { token, things = 'acme', application, hops }: Try,
): Promise<number> {
  const request = `${entry.method} ${await pathFor(entry, things)}`;
  const hasBody = entry.method !== 'GET' && entry.method !== 'DELETE';
  const options = {
    token,
    ...(hasBody ? { body: bodies[nameOf(entry)] ?? {} } : {}),
    headers: {
      ...(application === undefined ? {} : headers(application)),
      ...(hops === undefined ? {} : { 'x-hook0-hops': hops }),
    },
  };
  const isIngest = ingestRoutes.some((route) => nameOf(route) === nameOf(entry));
  return isIngest ? posted(request, options) : (await api.call(request, options)).status;
}

async function posted(request: string, options: Parameters<typeof gatewayEvent>[1]): Promise<number> {
  const authenticate = createAuthenticate({ tokens: api.stores.tokens, now: Date.now });
  const handler = createHttpFunction(
    (read) =>
      ingest(read, {
        now: Date.now,
        authenticate,
        newEventId: api.ids.event,
        rateLimiter: { take: async () => undefined },
        accept: async (_, events) =>
          events.map(() => ({ kind: 'accepted', eventId: api.ids.event(), webhookCount: 0 }) as const),
        idempotency: {
          run: async () => {
            throw new Error('no key was given');
          },
        },
      }),
    { error: () => undefined, warn: () => undefined },
  );
  return ((await handler(gatewayEvent(request, options), {} as Context)) as HttpResponse).statusCode;
}

export function expectLetIn(entry: Entry, status: number): void {
  const expected = answers[nameOf(entry)] ?? usual[entry.method];
  if (expected === undefined) expect([200, 201, 202, 204, 400, 409, 422]).toContain(status);
  else expect(status).toBe(expected);
}
