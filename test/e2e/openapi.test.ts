import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveryId } from '#core/id/ids.ts';
import { type Receiver, startReceiver } from '#demo/receiver.ts';
import { currentDocument } from '#openapi/committed.ts';
import { type Api, type ApiAnswer, createApi } from '#test/support/api.ts';
import { type LocalStack, startLocalStack } from '#test/support/local-stack.ts';
import { checkedAnswers } from '#test/support/openapi.ts';
import { waitFor } from '#test/support/wait.ts';

let stack: LocalStack;
let api: Api;
let broken: Receiver;
/** An endpoint that refuses everything, and an event that it therefore never got. */
let endpointId = '';
let eventId = '';
let delivery = '';

beforeAll(async () => {
  stack = await startLocalStack({ tick: 1 });
  api = createApi(stack.url, stack.adminToken);
  broken = await startReceiver(() => ({ status: 500 }));
  endpointId = await endpoint();
  eventId = String((await api.expect(202, 'POST', '/api/events', anEvent)).eventId);
  delivery = `/api/deliveries/${deliveryId(endpointId, eventId)}`;
  await waitFor('a dead letter', async () => (await api.expect(200, 'GET', delivery)).status === 'dead');
});
// Whatever was answered in between, to the helpers here as well, was held against the document: see `stop`.
afterAll(async () => {
  await stack.stop();
  await broken.stop();
});

const anEvent = { type: 'openapi.tested', payload: { amount: 1 } };

async function endpoint(): Promise<string> {
  const { id } = await api.expect(201, 'POST', '/api/endpoints', {
    ...{ name: 'test', url: broken.url, events: ['openapi.*'], circuitBreaker: { enabled: false } },
    retryConfig: { maxAttempts: 1 },
  });
  return String(id);
}

async function application(): Promise<string> {
  return `/api/applications/${(await api.expect(201, 'POST', '/api/applications', { name: 'Acme' })).id}`;
}

async function token(): Promise<string> {
  const { id } = await api.expect(201, 'POST', '/api/tokens', { name: 'shop', scopes: ['ingest'] });
  return `/api/tokens/${id}`;
}

async function task(): Promise<string> {
  return `/api/tasks/${(await api.expect(202, 'POST', '/api/dead-letters/redrive', { endpointId })).taskId}`;
}

let types = 0;
async function eventType(): Promise<string> {
  types += 1;
  const schema = { type: 'object' };
  const { name } = await api.expect(201, 'POST', '/api/event-types', {
    name: `openapi.type${types}`,
    schema,
  });
  return `/api/event-types/${name}`;
}

const recently = () => new Date(Date.now() - 3_600_000).toISOString();

/** The id of an application in the words of the original Hook0. */
const application_id = 'default';

const get = (path: string) => api.call('GET', path);
const post = (path: string, body?: unknown) => api.call('POST', path, body);

/** A call of each operation that succeeds, by operationId. */
const cases: Readonly<Record<string, () => Promise<ApiAnswer>>> = {
  cancelTask: async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const observer = stack.proxy.faults.observe({
      before: ({ principal, action }) =>
        principal.startsWith('Hook0Tasks') && action === 'PutItem' ? promise : undefined,
    });
    try {
      return await post(`${await task()}/cancel`);
    } finally {
      observer.remove();
      resolve();
    }
  },
  createApplication: () => post('/api/applications', { name: 'Acme', metadata: { tier: 'gold' } }),
  createEndpoint: () =>
    post('/api/endpoints', {
      ...{ name: 'test', url: broken.url, events: ['nothing.*'], retryConfig: 'standard', rateLimit: null },
      filters: { conditions: [{ field: 'payload.amount', operator: 'gt', value: 1 }] },
    }),
  createEventType: () =>
    post('/api/event-types', {
      ...{ name: 'openapi.registered', description: 'A test.', schema: { type: 'object' }, example: {} },
    }),
  createPortalToken: () =>
    post('/api/applications/default/portal-tokens', { capabilities: ['events:read'], expiresIn: 60_000 }),
  createToken: () => post('/api/tokens', { name: 'shop', scopes: ['ingest', 'read'] }),
  createV1EventType: () =>
    post('/api/v1/event_types', { application_id, service: 'a', resource_type: 'b', verb: 'c' }),
  deleteApplication: async () => api.call('DELETE', await application()),
  deleteEndpoint: async () => api.call('DELETE', `/api/endpoints/${await endpoint()}`),
  deleteEvent: async () => {
    const { eventId } = await api.expect(202, 'POST', '/api/events', { type: 'nobody.asked', payload: 1 });
    return api.call('DELETE', `/api/events/${eventId}`);
  },
  deleteEventType: async () => api.call('DELETE', await eventType()),
  deleteToken: async () => api.call('DELETE', await token()),
  disableEndpoint: async () => post(`/api/endpoints/${await endpoint()}/disable`),
  enableEndpoint: () => post(`/api/endpoints/${endpointId}/enable`),
  getApplication: () => get('/api/applications/default'),
  getCircuit: () => get(`/api/endpoints/${endpointId}/circuit`),
  getDelivery: () => get(delivery),
  getEndpoint: () => get(`/api/endpoints/${endpointId}`),
  getEndpointSecret: () => get(`/api/endpoints/${endpointId}/secret`),
  getEndpointStats: () => get(`/api/endpoints/${endpointId}/stats?since=${recently()}`),
  getEvent: () => get(`/api/events/${eventId}?limit=1`),
  getEventType: async () => get(await eventType()),
  getHealth: () => get('/health'),
  getMetrics: () => get('/api/metrics?limit=500'),
  getOwnToken: () => get('/api/token'),
  getOpenapi: () => get('/api/openapi.json'),
  getReference: () => get('/docs'),
  getReferenceFile: () => get('/docs/swagger-ui.css'),
  getStats: () => get(`/api/stats?until=${new Date().toISOString()}`),
  getTask: async () => get(await task()),
  getToken: async () => get(await token()),
  listApplications: () => get('/api/applications?limit=100'),
  listDeadLetters: () => get(`/api/dead-letters?endpointId=${endpointId}`),
  listDeliveries: () => get(`/api/endpoints/${endpointId}/deliveries?status=dead`),
  listEndpoints: () => get('/api/endpoints?limit=1'),
  listEventTypes: () => get('/api/event-types'),
  listEventMatching: () => get(`/api/events/${eventId}/matching?endpointId=${endpointId}`),
  listEvents: () => get('/api/events?type=openapi.tested&since=2026-01-01T00:00:00Z'),
  listTasks: async () => {
    await task();
    return get('/api/tasks?limit=2');
  },
  listTokens: () => get('/api/tokens?applicationId=*'),
  listV1EventTypes: () => get(`/api/v1/event_types?application_id=${application_id}`),
  pauseEndpoint: async () => post(`/api/endpoints/${await endpoint()}/pause`),
  postEvent: () =>
    api.call('POST', '/api/events', { ...anEvent, source: 'test' }, { 'idempotency-key': 'openapi-1' }),
  postEvents: () => post('/api/events/batch', { events: [anEvent, { type: 'not valid' }] }),
  postV1Event: () =>
    post('/api/v1/event', {
      ...{ application_id, event_type: 'a.b.c', labels: { all: 'yes' }, event_id: randomUUID() },
      ...{ payload: '{}', payload_content_type: 'application/json', occurred_at: new Date().toISOString() },
    }),
  recoverEndpoint: () => post(`/api/endpoints/${endpointId}/recover`, { since: recently(), dryRun: true }),
  redriveDeadLetters: () => post('/api/dead-letters/redrive', { endpointId }),
  replayEvent: () => post(`/api/events/${eventId}/replay`, { endpointIds: [endpointId] }),
  resetCircuit: () => post(`/api/endpoints/${endpointId}/circuit/reset`, {}),
  resumeEndpoint: () => post(`/api/endpoints/${endpointId}/resume`),
  retryDelivery: () => post(`${delivery}/retry`),
  rotateSecret: async () => post(`/api/endpoints/${await endpoint()}/rotate-secret`, { overlap: 60_000 }),
  scrapeMetrics: () =>
    api.call('GET', '/metrics', undefined, { accept: 'application/openmetrics-text; version=1.0.0' }),
  streamMetrics: () =>
    api.call('GET', '/api/metrics/stream', undefined, { 'last-event-id': String(Date.now()) }),
  testEndpoint: async () =>
    post(`/api/endpoints/${await endpoint()}/test`, { type: 'openapi.tested', payload: { amount: 2 } }),
  updateApplication: async () => api.call('PATCH', await application(), { metadata: { tier: null } }),
  updateEndpoint: async () => api.call('PATCH', `/api/endpoints/${await endpoint()}`, { filters: null }),
  updateEventType: async () => api.call('PATCH', await eventType(), { schema: null, archived: true }),
  updateToken: async () => api.call('PATCH', await token(), { rateLimit: { perSecond: 5 }, expiresAt: null }),
};

const operations = Object.values(currentDocument().paths)
  .flatMap((path) => Object.values(path) as { operationId: string; responses: object }[])
  .map(({ operationId, responses }) => ({
    operationId,
    success: Object.keys(responses).filter((status) => status.startsWith('2')),
  }));

describe('the deployment', () => {
  it.each(operations)('does $operationId as the OpenAPI document says', async ({ operationId, success }) => {
    const call = cases[operationId];
    if (call === undefined) throw new Error(`${operationId} has no case here; add a call that succeeds`);
    const { status, text } = await call();
    expect(success, text).toContain(String(status));
    expect([...checkedAnswers()]).toContain(`${operationId} ${status}`);
  });

  it('is called by no case that the document does not know', () => {
    expect(Object.keys(cases).sort()).toEqual(operations.map(({ operationId }) => operationId).sort());
  });

  it('names the deployment by a relative address, whatever host was asked', async () => {
    const { json } = await get('/api/openapi.json');
    expect(json).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/' }] });
  });

  it('serves a page whose files are all its own', async () => {
    const { headers, text } = await get('/docs');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    const files = [...text.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, file]) => file);
    expect(files).toHaveLength(3);
    for (const file of files) expect((await get(`/${file}`)).status).toBe(200);
  });
});
