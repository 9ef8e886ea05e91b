import { createHash, createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';
import { waitFor } from '#test/support/wait.ts';

const local = stackOfFile();
const { api } = local;

let types = 0;
/** An event type of its own for each test, so that tests see only their own events. */
const freshType = () => `test${types++}.happened`;
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

async function createEndpoint(url: string, rest: Readonly<Record<string, unknown>>): Promise<string> {
  return String((await api.expect(201, 'POST', '/api/endpoints', { name: 'test', url, ...rest })).id);
}

async function deliveryOf(eventId: unknown): Promise<Record<string, unknown> | undefined> {
  const { deliveries } = await api.expect(200, 'GET', `/api/events/${eventId}`);
  return Array.isArray(deliveries) ? deliveries[0] : undefined;
}

const settled = (eventId: unknown) =>
  waitFor(`event ${eventId} to settle`, async () => {
    const delivery = await deliveryOf(eventId);
    return ['succeeded', 'dead', 'cancelled'].includes(String(delivery?.status)) ? delivery : undefined;
  });

describe('the way of a healthy event', () => {
  it('leads from the two documented requests to the documented delivery', async () => {
    const target = await testReceiver();
    await api.expect(201, 'POST', '/api/endpoints', {
      name: 'Order Processing',
      url: target.url,
      events: ['order.created', 'order.*'],
      headers: { 'X-App-ID': 'your-app-id' },
      timeout: 30000,
      priority: 'normal',
      retryConfig: {
        maxAttempts: 5,
        strategy: 'exponential',
        baseDelay: 1000,
        maxDelay: 30000,
        jitter: true,
        retryableStatuses: [408, 425, 429, '5xx'],
      },
      circuitBreaker: { enabled: true, threshold: 5, timeout: 60000 },
      rateLimit: { perSecond: 50 },
      security: { secret: 'webhook-secret-key', signatureHeader: 'X-Signature' },
      filters: { logic: 'AND', conditions: [{ field: 'payload.order.amount', operator: 'gt', value: 100 }] },
      metadata: {},
    });
    const payload = '{ "order": { "id": "ORD-12345", "amount": 299.99 } }';
    const accepted = await api.expect(
      202,
      'POST',
      '/api/events',
      `{ "type": "order.created", "source": "ecommerce-app", "payload": ${payload},
         "options": { "priority": "high", "delay": 0, "tags": ["urgent"] } }`,
    );
    expect(accepted).toEqual({
      success: true,
      eventId: expect.stringMatching(/^evt_[0-9a-z]{26}$/),
      webhookCount: 1,
    });

    const [request] = await target.until(({ length }) => length > 0);
    expect(request?.method).toBe('POST');
    expect(request?.body.toString()).toBe(payload);
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^Hook0\/\d/),
      'webhook-id': accepted.eventId,
      'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
      'x-signature': createHmac('sha256', 'webhook-secret-key').update(payload).digest('hex'),
      'x-hook0-event-type': 'order.created',
      'x-hook0-event-id': accepted.eventId,
      'x-hook0-timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      'x-hook0-delivery-id': expect.stringMatching(/^dlv_/),
      'x-hook0-attempt': '1',
      'x-app-id': 'your-app-id',
    });
    const {
      'webhook-id': id,
      'webhook-timestamp': at,
      'webhook-signature': signature,
    } = request?.headers ?? {};
    const signed = createHmac('sha256', 'webhook-secret-key')
      .update(`${id}.${at}.${payload}`)
      .digest('base64');
    expect(signature).toBe(`v1,${signed}`);
    // Under the dimensions that the alarms and the dashboard ask for.
    const dimensions = { service: 'deliver', deployment: 'Hook0-local' };
    const counted = { namespace: 'Hook0', name: 'AttemptSucceeded', dimensions };
    await waitFor('the metric', async () => local.stack.metrics.minutes(counted).length > 0);
    expect(await settled(accepted.eventId)).toMatchObject({
      status: 'succeeded',
      attempts: [{ number: 1, generation: 1, success: true, statusCode: 200 }],
    });
  });

  it('is verified with the Standard Webhooks package and the secret that was made', async () => {
    const target = await testReceiver();
    const type = freshType();
    const id = await createEndpoint(target.url, { events: [type] });
    await api.expect(202, 'POST', '/api/events', { type, payload: { a: 1 } });
    const [request] = await target.until(({ length }) => length > 0);
    const { secret } = await api.expect(200, 'GET', `/api/endpoints/${id}/secret`);
    const headers = Object.fromEntries(
      Object.entries(request?.headers ?? {}).map(([k, v]) => [k, String(v)]),
    );
    expect(new Webhook(String(secret)).verify(String(request?.body), headers)).toEqual({ a: 1 });
  });

  it.each([
    '12345678901234567890',
    '1.0',
    '{"a":1,"a":2}',
    '{"2":"two","1":"one"}',
    '{  "white" :\n\t"space" }',
    '{"escaped":"\\u0041\\/\\ud83d\\ude00","raw":"😀é"}',
    '"\uffff\ufffd"',
    '[1e400,-0,1E+2]',
    'null',
    `"${'x'.repeat(200_000)}"`,
  ])('keeps the bytes of the payload %.40s', async (payload) => {
    const target = await testReceiver();
    const type = freshType();
    await createEndpoint(target.url, { events: [type] });
    await api.expect(202, 'POST', '/api/events', `{"type":"${type}","payload":${payload}}`);
    const [request] = await target.until(({ length }) => length > 0);
    expect(sha256(request?.body ?? '')).toBe(sha256(payload));
  });

  it('answers a batch per event, in order, and delivers the good ones', async () => {
    const target = await testReceiver();
    const type = freshType();
    await createEndpoint(target.url, { events: [type] });
    const events = [
      { type, payload: 1 },
      { type: 'bad type!', payload: 2 },
      { type, payload: 3 },
      { type: 'nobody.asked', payload: 4 },
    ];
    const { results } = await api.expect(202, 'POST', '/api/events/batch', { events });
    expect(results).toMatchObject([
      { success: true, webhookCount: 1 },
      { success: false, error: { status: 400, errors: [{ field: 'events[1].type' }] } },
      { success: true, webhookCount: 1 },
      { success: true, webhookCount: 0 },
    ]);
    const requests = await target.until(({ length }) => length >= 2);
    expect(requests.map(({ body }) => body.toString()).toSorted()).toEqual(['1', '3']);
  });

  it('delivers to more endpoints than fit into one event, each once', async () => {
    const target = await testReceiver();
    const type = freshType();
    const create = (n: number) => createEndpoint(`${target.url}/${n}`, { events: [type] });
    await Promise.all(Array.from({ length: 60 }, (_, n) => create(n)));
    const { eventId, webhookCount } = await api.expect(202, 'POST', '/api/events', { type, payload: {} });
    expect(webhookCount).toBe(60);
    const requests = await target.until(({ length }) => length >= 60);
    expect(new Set(requests.map(({ path }) => path)).size).toBe(60);
    expect(requests.every(({ headers }) => headers['webhook-id'] === eventId)).toBe(true);
    expect(requests).toHaveLength(60);
  });

  it('waits out a delay and never starts early', async () => {
    const target = await testReceiver();
    const type = freshType();
    await createEndpoint(target.url, { events: [type] });
    const postedAt = Date.now();
    await api.expect(202, 'POST', '/api/events', { type, payload: {}, options: { delay: 2_000 } });
    const [request] = await target.until(({ length }) => length > 0);
    expect((request?.at ?? 0) - postedAt).toBeGreaterThanOrEqual(2_000);
  });

  it('shows a long delay as held until its time', async () => {
    const target = await testReceiver();
    const type = freshType();
    await createEndpoint(target.url, { events: [type] });
    const { eventId } = await api.expect(202, 'POST', '/api/events', {
      type,
      payload: {},
      options: { delay: 86_400_000 },
    });
    expect(await deliveryOf(eventId)).toMatchObject({ status: 'held', heldFor: 'scheduled' });
    expect(target.requests).toHaveLength(0);
  });

  it('retries a flaky endpoint by its backoff, under one webhook-id', async () => {
    const target = await testReceiver((number) => ({ status: number < 3 ? 503 : 200 }));
    const type = freshType();
    await createEndpoint(target.url, {
      events: [type],
      retryConfig: { maxAttempts: 5, baseDelay: 1_000, jitter: false },
    });
    const { eventId } = await api.expect(202, 'POST', '/api/events', { type, payload: {} });
    const requests = await target.until(({ length }) => length >= 3);
    const at = requests.map((request) => request.at);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThanOrEqual(2_000);
    expect(requests.map(({ headers }) => headers['webhook-id'])).toEqual([eventId, eventId, eventId]);
    expect(requests.map(({ headers }) => headers['x-hook0-attempt'])).toEqual(['1', '2', '3']);
    expect(await settled(eventId)).toMatchObject({
      status: 'succeeded',
      attempts: [{}, {}, { success: true }],
    });
  });

  it('gives up when the attempts are used up and lists the dead letter', async () => {
    const target = await testReceiver(() => ({ status: 500, body: 'no' }));
    const type = freshType();
    const endpointId = await createEndpoint(target.url, {
      events: [type],
      retryConfig: { maxAttempts: 2, strategy: 'fixed', baseDelay: 100, jitter: false },
    });
    const { eventId } = await api.expect(202, 'POST', '/api/events', { type, payload: {} });
    expect(await settled(eventId)).toMatchObject({
      status: 'dead',
      reason: 'exhausted',
      attempts: [{}, { responseBody: 'no' }],
    });
    const letters = await waitFor('the dead letter', async () => {
      const { data } = await api.expect(200, 'GET', `/api/dead-letters?endpointId=${endpointId}`);
      return Array.isArray(data) && data.length > 0 ? data : undefined;
    });
    expect(letters).toMatchObject([{ eventId, endpointId, status: 'dead' }]);
  });

  it('holds while paused and delivers on resume', async () => {
    const target = await testReceiver();
    const type = freshType();
    const id = await createEndpoint(target.url, { events: [type] });
    await api.expect(200, 'POST', `/api/endpoints/${id}/pause`);
    const { eventId, webhookCount } = await api.expect(202, 'POST', '/api/events', { type, payload: {} });
    expect(webhookCount).toBe(1);
    await waitFor('the hold', async () => (await deliveryOf(eventId))?.heldFor === 'paused');
    expect(target.requests).toHaveLength(0);
    await api.expect(200, 'POST', `/api/endpoints/${id}/resume`);
    await target.until(({ length }) => length > 0);
    expect(await settled(eventId)).toMatchObject({ status: 'succeeded', attempts: [{ number: 1 }] });
  });

  it('matches nothing for a disabled endpoint and again once it is enabled', async () => {
    const target = await testReceiver();
    const type = freshType();
    const id = await createEndpoint(target.url, { events: [type] });
    const count = async () =>
      (await api.expect(202, 'POST', '/api/events', { type, payload: {} })).webhookCount;
    await api.expect(200, 'POST', `/api/endpoints/${id}/disable`);
    expect(await count()).toBe(0);
    await api.expect(200, 'POST', `/api/endpoints/${id}/enable`);
    expect(await count()).toBe(1);
  });
});
