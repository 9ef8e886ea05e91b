import { randomUUID } from 'node:crypto';
import { Event, Hook0Client, verifyWebhookSignature } from 'hook0-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ReceivedRequest, type Receiver, startReceiver } from '#demo/receiver.ts';
import { type Api, createApi } from '#test/support/api.ts';
import { type LocalStack, startLocalStack } from '#test/support/local-stack.ts';

// The original Hook0's published client, which knows of this product nothing but its URL and a token.

const originalId = randomUUID();
const secret = randomUUID();
const payload = '{ "order": { "id": 12345678901234567890, "total": 1.0 } }';
let stack: LocalStack;
let api: Api;
let token: string;
let client: Hook0Client;
const receivers: Receiver[] = [];

beforeAll(async () => {
  stack = await startLocalStack({ tick: 1 });
  api = createApi(stack.url, stack.adminToken);
  await api.expect(201, 'POST', '/api/applications', { id: 'shop', name: 'Shop' });
  const made = await api.call(
    'POST',
    '/api/tokens',
    { name: 'producer', scopes: ['ingest', 'manage'] },
    { 'x-hook0-application': 'shop' },
  );
  expect(made.status).toBe(201);
  token = (made.json as { token: string }).token;
  client = new Hook0Client(`${stack.url}/api/v1/`, originalId, token);
});
afterAll(() => stack.stop());
afterEach(() => Promise.all(receivers.splice(0).map((receiver) => receiver.stop())));

/** A receiver whose endpoint wants the events that carry a label, signed as the original signs. */
async function subscribed(label: string): Promise<Receiver> {
  const receiver = await startReceiver(() => ({ status: 200 }));
  receivers.push(receiver);
  await createApi(stack.url, token).expect(201, 'POST', '/api/endpoints', {
    name: 'test',
    url: receiver.url,
    events: ['order.invoice.*'],
    filters: { conditions: [{ field: 'tags', operator: 'contains', value: label }] },
    security: { secret, signatureScheme: 'hook0-v1' },
  });
  return receiver;
}

const headersOf = ({ headers }: ReceivedRequest) =>
  new Headers(Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]));

describe('the published client of the original Hook0', () => {
  it('sends an event, and its receiver verifies what it gets, byte by byte', async () => {
    const customer = randomUUID();
    const receiver = await subscribed(`customer:${customer}`);
    const event = new Event('order.invoice.paid', payload, 'application/json', { customer }, { trace: 'x' });
    const id = await client.sendEvent(event);
    // One that the endpoint does not want: labels route here as they do there.
    await client.sendEvent(new Event('order.invoice.paid', '{}', 'application/json', { customer: 'other' }));

    const [received] = await receiver.until((requests) => requests.length > 0);
    if (received === undefined) throw new Error('nothing was received');
    expect(received.body.toString()).toBe(payload);
    const headers = headersOf(received);
    expect(headers.get('x-event-id')).toBe(id);
    expect(headers.get('x-event-type')).toBe('order.invoice.paid');
    const signature = headers.get('x-hook0-signature') ?? '';
    expect(verifyWebhookSignature(signature, received.body, headers, secret, 300)).toBe(true);
    const changed = Buffer.from(payload.replace('1.0', '2.0'));
    expect(() => verifyWebhookSignature(signature, changed, headers, secret, 300)).toThrow(
      'Invalid signature',
    );
    expect(receiver.requests).toHaveLength(1);
  });

  it('has its own event id taken once', async () => {
    const customer = randomUUID();
    const receiver = await subscribed(`customer:${customer}`);
    const eventId = randomUUID();
    const send = () =>
      client.sendEvent(
        new Event(
          'order.invoice.paid',
          payload,
          'application/json',
          { customer },
          undefined,
          undefined,
          eventId,
        ),
      );
    expect(await send()).toBe(eventId);
    await receiver.until((requests) => requests.length > 0);
    await expect(send()).rejects.toThrow(/"id":"EventAlreadyIngested"/);
    expect(receiver.requests).toHaveLength(1);
  });

  it.each([
    ['text/plain', 'hello', 'EventInvalidPayloadContentType'],
    ['application/octet-stream+base64', 'aGVsbG8=', 'EventInvalidPayloadContentType'],
    ['application/json', '{"a":', 'EventInvalidJsonPayload'],
  ])('is told what cannot be delivered: %s %s', async (contentType, text, id) => {
    const event = new Event('order.invoice.paid', text, contentType, {});
    await expect(client.sendEvent(event)).rejects.toThrow(`"id":"${id}"`);
  });

  it('is told that its token is wrong, or for another application', async () => {
    const event = new Event('order.invoice.paid', payload, 'application/json', {});
    const send = (application: string, bearer: string) =>
      new Hook0Client(`${stack.url}/api/v1/`, application, bearer).sendEvent(event);
    await expect(send(originalId, 'nonsense')).rejects.toThrow('"id":"AuthInvalidBiscuit"');
    await expect(send('default', token)).rejects.toThrow('"id":"NotFound"');
    // An operator's token is for all applications, and this one is not here.
    await expect(send(originalId, stack.adminToken)).rejects.toThrow('"id":"NotFound"');
    expect(await send('shop', stack.adminToken)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('upserts event types, as often as it likes', async () => {
    const types = ['order.invoice.paid', 'order.invoice.void'];
    expect(await client.upsertEventTypes(types.slice(1))).toEqual(types.slice(1));
    expect(await client.upsertEventTypes(types)).toEqual(types.slice(0, 1));
    expect(await client.upsertEventTypes(types)).toEqual([]);
    const { data } = await createApi(stack.url, token).expect(200, 'GET', '/api/event-types');
    expect(data).toMatchObject(types.map((name) => ({ name, applicationId: 'shop' })));
  });
});
