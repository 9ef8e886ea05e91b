import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { verifyWebhookSignature, verifyWebhookSignatureWithCurrentTime } from 'hook0-client';
import { describe, expect, it } from 'vitest';
import { createIds, uuidOf } from '#core/id/ids.ts';
import { hook0V1Signature } from '#core/signature/compat-v1.ts';
import { type WebhookRequest, webhookHeaders } from '#core/signature/webhook-headers.ts';

const now = 1_764_000_000;
const body = Buffer.from('{"order":{"id":"ORD-1","total":1.0}}');
const eventId = createIds({ now: () => now * 1000, randomBytes }).event();
const request: WebhookRequest = {
  eventId,
  eventType: 'order.invoice.paid',
  eventTimestamp: '2026-11-24T16:00:00.000Z',
  deliveryId: 'dlv_01',
  attemptNumber: 1,
  nowSeconds: now,
  secrets: ['0f8e9d1c-7a6b-4c5d-8e9f-a0b1c2d3e4f5', 'an-older-secret'],
  signatureHeader: 'X-Hook0-Signature',
  signatureScheme: 'hook0-v1',
  endpointHeaders: { 'x-app-id': 'your-app-id' },
  body,
  version: '1.2.3',
  hopStamp: '1; deployment="Hook0"',
};
const [secret, older] = request.secrets as [string, string];

/** What the published client says about a webhook with these headers. */
function verifies(headers: Record<string, string>, payload: Buffer = body, key = secret): boolean {
  const signature = headers['X-Hook0-Signature'] ?? '';
  const at = new Date(now * 1000);
  try {
    return (
      verifyWebhookSignatureWithCurrentTime(signature, payload, new Headers(headers), key, 300, at) === true
    );
  } catch {
    return false;
  }
}

/** Without the part that covers headers: what receivers see who know only the older one. */
const withoutV1 = (headers: Record<string, string>) => ({
  ...headers,
  'X-Hook0-Signature': String(headers['X-Hook0-Signature']).replace(/,h=.*/, ''),
});

describe('the signature of the original Hook0', () => {
  it('is the one in the tests of the original', () => {
    const signed = {
      'X-EVENT-TYPE': 'service.resource.verb',
      'X-Event-Id': '1a01cb48-5142-4d9b-8f90-d20cca61f0ee',
    };
    expect(hook0V1Signature('secret', 1_636_936_200, signed, Buffer.from('hello !'))).toBe(
      't=1636936200,v0=1b3d69df55f1e52f05224ba94a5162abeb17ef52cd7f4948c390f810d6a87e98,h=x-event-id x-event-type,v1=bc521546ba5de381b12f135782d2008b028c3065c191760b12b76850a8fc8f51',
    );
  });

  it('is verified by the published client, with headers and without', () => {
    const headers = webhookHeaders(request);
    expect(headers['X-Hook0-Signature']).toMatch(
      /^t=1764000000,v0=[0-9a-f]{64},h=content-type x-event-id x-event-type,v1=[0-9a-f]{64}$/,
    );
    expect(verifies(headers)).toBe(true);
    expect(verifies(withoutV1(headers))).toBe(true);
  });

  it('is verified by the published client for any secret, type and body', () => {
    const visible = fc.stringMatching(/^[\x21-\x7eäß字]{8,64}$/);
    fc.assert(
      fc.property(
        visible,
        fc.stringMatching(/^[a-z]+(\.[a-z_]+){0,3}$/),
        fc.json(),
        (key, eventType, json) => {
          const payload = Buffer.from(json);
          const headers = webhookHeaders({ ...request, secrets: [key], eventType, body: payload });
          expect(verifies(headers, payload, key)).toBe(true);
          expect(verifies(withoutV1(headers), payload, key)).toBe(true);
          expect(verifies(headers, Buffer.from(`${json} `), key)).toBe(false);
        },
      ),
    );
  });

  it('fails for another body, secret, event or type', () => {
    const headers = webhookHeaders(request);
    expect(verifies(headers, Buffer.from('{}'))).toBe(false);
    expect(verifies(withoutV1(headers), Buffer.from('{}'))).toBe(false);
    expect(verifies(headers, body, 'another-secret')).toBe(false);
    expect(verifies({ ...headers, 'X-Event-Type': 'order.invoice.void' })).toBe(false);
    expect(
      verifies({ ...headers, 'X-Event-Id': uuidOf(createIds({ now: () => 1, randomBytes }).event()) }),
    ).toBe(false);
    // The client refuses what is too old by its own clock.
    const old = headers['X-Hook0-Signature'] ?? '';
    expect(() => verifyWebhookSignature(old, body, new Headers(headers), secret, 1)).toThrow('expired');
  });

  it('is of the newest secret alone: the client reads one', () => {
    const headers = webhookHeaders(request);
    expect(verifies(headers, body, older)).toBe(false);
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
  });

  it('comes with the headers of the original, which an endpoint cannot forge', () => {
    const endpointHeaders = { 'x-event-id': 'forged', 'X-EVENT-TYPE': 'forged' };
    const headers = webhookHeaders({ ...request, endpointHeaders });
    expect(headers).toMatchObject({ 'X-Event-Id': uuidOf(eventId), 'X-Event-Type': 'order.invoice.paid' });
    expect(Object.values(headers)).not.toContain('forged');
    expect(verifies(headers)).toBe(true);
  });

  it('stands under the header that the endpoint names, and every other header is as ever', () => {
    const { signatureScheme: _, ...standard } = request;
    const {
      'X-Mine': signature,
      'X-Event-Id': id,
      'X-Event-Type': type,
      ...rest
    } = webhookHeaders({
      ...request,
      signatureHeader: 'X-Mine',
    });
    expect(signature).toMatch(/^t=\d+,v0=/);
    expect([id, type]).toEqual([uuidOf(eventId), 'order.invoice.paid']);
    const { 'X-Hook0-Signature': hex, ...others } = webhookHeaders(standard);
    expect(hex).toMatch(/^[0-9a-f]{64}$/);
    expect(rest).toEqual(others);
  });
});
