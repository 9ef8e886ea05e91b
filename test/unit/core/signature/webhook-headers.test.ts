import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexSignature, signAll } from '#core/signature/sign.ts';
import { type WebhookRequest, webhookHeaders } from '#core/signature/webhook-headers.ts';

const body = new TextEncoder().encode('{"order":{"id":"ORD-1"}}');
const request: WebhookRequest = {
  eventId: 'evt_01',
  eventType: 'order.created',
  eventTimestamp: '2026-11-24T16:00:00.000Z',
  deliveryId: 'dlv_01',
  attemptNumber: 3,
  nowSeconds: 1_764_000_000.9,
  secrets: ['new-secret-1', 'old-secret-1'],
  signatureHeader: 'X-Signature',
  endpointHeaders: { 'x-app-id': 'your-app-id' },
  body,
  version: '1.2.3',
  hopStamp: '1; deployment="Hook0"',
};

const ours = [
  'content-type',
  'user-agent',
  'accept-encoding',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'X-Signature',
  'X-Hook0-Event-Type',
  'X-Hook0-Event-Id',
  'X-Hook0-Timestamp',
  'X-Hook0-Delivery-Id',
  'X-Hook0-Attempt',
  'X-Hook0-Hops',
];

describe('the headers a receiver gets', () => {
  it('say what, when, which attempt, and sign it with every live secret', () => {
    expect(webhookHeaders(request)).toEqual({
      'content-type': 'application/json',
      'user-agent': 'Hook0/1.2.3',
      'accept-encoding': 'identity',
      'webhook-id': 'evt_01',
      'webhook-timestamp': '1764000000',
      'webhook-signature': signAll(request.secrets, 'evt_01', 1_764_000_000, body),
      'X-Signature': hexSignature('new-secret-1', body),
      'X-Hook0-Event-Type': 'order.created',
      'X-Hook0-Event-Id': 'evt_01',
      'X-Hook0-Timestamp': '2026-11-24T16:00:00.000Z',
      'X-Hook0-Delivery-Id': 'dlv_01',
      'X-Hook0-Attempt': '3',
      'X-Hook0-Hops': '1; deployment="Hook0"',
      'x-app-id': 'your-app-id',
    });
  });

  it('keep webhook-id over attempts while timestamp and signature are of the attempt', () => {
    const first = webhookHeaders({ ...request, attemptNumber: 1, nowSeconds: 1 });
    const second = webhookHeaders({ ...request, attemptNumber: 2, nowSeconds: 2 });
    expect(second['webhook-id']).toBe(first['webhook-id']);
    expect(second['webhook-timestamp']).not.toBe(first['webhook-timestamp']);
    expect(second['webhook-signature']).not.toBe(first['webhook-signature']);
  });

  it('cannot be replaced or doubled by the headers of an endpoint, in any case', () => {
    const spelled = fc
      .tuple(fc.constantFrom(...ours), fc.func(fc.boolean()))
      .map(([name, upper]) =>
        [...name].map((c, i) => (upper(i) ? c.toUpperCase() : c.toLowerCase())).join(''),
      );
    fc.assert(
      fc.property(fc.dictionary(spelled, fc.constant('forged')), (endpointHeaders) => {
        const headers = webhookHeaders({ ...request, endpointHeaders });
        expect(headers).toEqual(webhookHeaders({ ...request, endpointHeaders: {} }));
      }),
    );
  });

  it('leave out endpoint headers that the rules refuse, although they are saved', () => {
    const endpointHeaders = {
      Host: 'internal',
      'Transfer-Encoding': 'chunked',
      'x-hook0-fake': '1',
      'x-ok': '1',
    };
    const names = Object.keys(webhookHeaders({ ...request, endpointHeaders }));
    expect(names).toEqual([...ours, 'x-ok']);
  });
});
