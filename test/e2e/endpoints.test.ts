import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { ReceivedRequest } from '#demo/receiver.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';

const local = stackOfFile();
const { api } = local;

const create = async (url: string, rest: object): Promise<string> =>
  String((await api.expect(201, 'POST', '/api/endpoints', { name: 'test', url, ...rest })).id);
const secretOf = async (id: string): Promise<string> =>
  String((await api.expect(200, 'GET', `/api/endpoints/${id}/secret`)).secret);

function verifies(secret: string, request: ReceivedRequest | undefined): boolean {
  const headers = Object.fromEntries(
    Object.entries(request?.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  try {
    new Webhook(secret).verify(String(request?.body), headers);
    return true;
  } catch {
    return false;
  }
}

describe('a secret that is rotated in the middle of retries', () => {
  it('verifies beside the new one until the overlap ends, and then no more', async () => {
    let failing = true;
    const target = await testReceiver(() => ({ status: failing ? 503 : 200 }));
    const id = await create(target.url, {
      events: ['rotation.tested'],
      retryConfig: { strategy: 'fixed', baseDelay: 1_000, maxAttempts: 30, jitter: false },
      circuitBreaker: { enabled: false },
    });
    const old = await secretOf(id);
    await api.expect(202, 'POST', '/api/events', { type: 'rotation.tested', payload: { a: 1 } });
    const [before] = await target.until(({ length }) => length >= 1);
    expect(verifies(old, before)).toBe(true);

    const overlap = 4_000;
    await api.expect(200, 'POST', `/api/endpoints/${id}/rotate-secret`, { overlap });
    const rotatedAt = Date.now();
    const young = await secretOf(id);
    const isDouble = ({ headers }: ReceivedRequest) => String(headers['webhook-signature']).includes(' ');
    const during = (await target.until((requests) => requests.some(isDouble))).find(isDouble);
    expect(verifies(old, during)).toBe(true);
    expect(verifies(young, during)).toBe(true);
    expect(verifies(young, before)).toBe(false);

    const isLater = ({ headers }: ReceivedRequest) =>
      Number(headers['webhook-timestamp']) * 1_000 > rotatedAt + overlap + 1_000;
    const after = (await target.until((requests) => requests.some(isLater))).find(isLater);
    failing = false;
    expect(verifies(young, after)).toBe(true);
    expect(verifies(old, after)).toBe(false);
    expect(after?.headers['webhook-id']).toBe(before?.headers['webhook-id']);
  });
});

describe('a test of an endpoint', () => {
  it('is a real request, signed, with the endpoint’s headers, and marked by its id', async () => {
    const target = await testReceiver(() => ({ status: 200 }));
    const id = await create(target.url, { events: ['none'], headers: { 'X-App-ID': 'mine' } });

    const answer = await api.expect(200, 'POST', `/api/endpoints/${id}/test`, { payload: { hello: 'you' } });

    const [request] = await target.until(({ length }) => length === 1);
    expect(answer).toMatchObject({
      success: true,
      eventId: request?.headers['webhook-id'],
      attempt: {
        success: true,
        statusCode: 200,
        responseHeaders: expect.any(Object),
        responseBody: expect.any(String),
      },
    });
    expect(request?.headers['webhook-id']).toMatch(/^evt_test_/);
    expect(request?.headers).toMatchObject({ 'x-app-id': 'mine', 'x-hook0-event-type': 'hook0.ping' });
    expect(request?.body.toString()).toBe('{"hello":"you"}');
    expect(verifies(await secretOf(id), request)).toBe(true);
    expect(await api.expect(200, 'GET', `/api/endpoints/${id}/deliveries`)).toMatchObject({ data: [] });
    expect(local.stack.proxy.unknownCalls).toEqual([]);
  });

  it('tells what went wrong, and neither the circuit nor the status hears of it', async () => {
    const target = await testReceiver(() => ({ status: 410 }));
    const id = await create(target.url, { events: ['none'], circuitBreaker: { threshold: 1 } });

    const answer = await api.expect(200, 'POST', `/api/endpoints/${id}/test`);

    expect(answer).toMatchObject({
      success: false,
      attempt: { success: false, statusCode: 410, retryable: false },
    });
    expect(await api.expect(200, 'GET', `/api/endpoints/${id}`)).toMatchObject({
      status: 'active',
      circuit: { state: 'closed', failures: 0 },
    });
    const gone = await create('http://127.0.0.1:9/', { events: ['none'] });
    const refused = await api.expect(200, 'POST', `/api/endpoints/${gone}/test`);
    expect(refused).toMatchObject({ success: false, attempt: { errorClass: 'connect', retryable: true } });
    expect(refused.attempt).not.toHaveProperty('nextAttemptAt');
  });
});

describe('events of a type with a schema', () => {
  it('are refused from the next one on, each for itself, and what passes is delivered byte for byte', async () => {
    const target = await testReceiver();
    await create(target.url, { events: ['checked.happened'] });
    const schema = { required: ['n'], properties: { n: { type: 'number' } } };
    await api.expect(201, 'POST', '/api/event-types', { name: 'checked.happened', schema });

    const refused = await api.expect(422, 'POST', '/api/events', {
      type: 'checked.happened',
      payload: { n: 'x' },
    });
    expect(refused).toMatchObject({
      code: 'payload_schema',
      errors: [{ field: 'payload.n', pointer: '/n' }],
    });
    const payload = '{ "n": 12345678901234567890, "m":1.0 }';
    const batch = `{"events": [{"type": "checked.happened", "payload": {}},
      {"type": "checked.happened", "payload": ${payload}}, {"type": "unchecked.happened", "payload": {}}]}`;
    const { results } = await api.expect(202, 'POST', '/api/events/batch', batch);
    expect(results).toMatchObject([
      { success: false, error: { code: 'payload_schema', status: 422 } },
      { success: true, webhookCount: 1 },
      { success: true, webhookCount: 0 },
    ]);
    const [request] = await target.until(({ length }) => length === 1);
    expect(request?.body.toString()).toBe(payload);
  });

  it('have results of their own in a batch that breaks its schemas throughout', async () => {
    await api.expect(201, 'POST', '/api/event-types', { name: 'closed.happened', archived: true });
    const event = { type: 'closed.happened', payload: {} };

    const { results } = await api.expect(202, 'POST', '/api/events/batch', { events: [event, event] });

    expect(results).toMatchObject([
      { success: false, error: { code: 'event_type_archived' } },
      { success: false, error: { code: 'event_type_archived' } },
    ]);
  });
});
