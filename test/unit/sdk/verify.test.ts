import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { generateSecret } from '#core/signature/secret.ts';
import { type WebhookRequest, webhookHeaders } from '#core/signature/webhook-headers.ts';
import { verifyHexSignature, verifyWebhook, WebhookVerificationError } from '#sdk/src/verify.ts';
import vectors from '#test/vectors/standard-webhooks.json' with { type: 'json' };

const seconds = 1_764_000_000;
const now = seconds * 1_000;
const body = '{"total":1.0}';
const secret = generateSecret(Buffer.alloc(24, 7));
const request: WebhookRequest = {
  eventId: 'evt_01',
  eventType: 'order.created',
  eventTimestamp: '2026-11-24T16:00:00.000Z',
  deliveryId: 'dlv_01',
  attemptNumber: 1,
  nowSeconds: seconds,
  secrets: [secret],
  signatureHeader: 'X-Hook0-Signature',
  endpointHeaders: {},
  body: Buffer.from(body),
  version: '1.2.3',
};
const headers = webhookHeaders(request);

function codeOf(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.code;
    throw error;
  }
  return 'verified';
}
const verified = (change: Partial<Parameters<typeof verifyWebhook>[0]>) =>
  codeOf(() => verifyWebhook({ headers, body, secret, now, ...change }));

describe('verifyWebhook', () => {
  it('accepts every form of headers and body', () => {
    expect(verifyWebhook({ headers, body, secret, now })).toEqual({ id: 'evt_01', timestamp: new Date(now) });
    expect(verified({ headers: new Headers(headers) })).toBe('verified');
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect(verified({ headers: upper })).toBe('verified');
    expect(verified({ headers: { ...headers, 'webhook-id': ['evt_01'] } })).toBe('verified');
    expect(verified({ body: new Uint8Array(Buffer.from(body)) })).toBe('verified');
  });

  it.each(vectors)('matches the published vector of $id', ({ id, timestamp, signature, ...vector }) => {
    const given = {
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signature,
    };
    expect(
      verifyWebhook({ headers: given, body: vector.body, secret: vector.secret, now: timestamp * 1_000 }).id,
    ).toBe(id);
  });

  it('accepts signatures of the reference library, and ours with any secret', () => {
    const anySecret = fc.oneof(
      fc.uint8Array({ minLength: 24, maxLength: 64 }).map(generateSecret),
      fc.stringMatching(/^[\x21-\x7eé字]{8,40}$/).filter((text) => !text.startsWith('whsec_')),
    );
    fc.assert(
      fc.property(anySecret, fc.json(), (one, json) => {
        const ours = webhookHeaders({ ...request, secrets: [one], body: Buffer.from(json) });
        expect(verified({ headers: ours, body: json, secret: one })).toBe('verified');
        if (!one.startsWith('whsec_')) return;
        const signature = new Webhook(one).sign('evt_01', new Date(now), json);
        expect(
          verified({ headers: { ...ours, 'webhook-signature': signature }, body: json, secret: one }),
        ).toBe('verified');
      }),
    );
  });

  it('accepts one of several signatures and one of several secrets', () => {
    const both = webhookHeaders({ ...request, secrets: ['the-new-secret', secret] });
    expect(verified({ headers: both })).toBe('verified');
    expect(verified({ headers: both, secret: 'the-new-secret' })).toBe('verified');
    expect(verified({ secret: ['the-new-secret', secret] })).toBe('verified');
    expect(
      verified({
        headers: { ...headers, 'webhook-signature': `v1a,xyz v2,abc ${headers['webhook-signature']}` },
      }),
    ).toBe('verified');
    expect(verified({ secret: ['one-that-is-wrong', 'another-one'] })).toBe('wrong_signature');
  });

  it.each([
    ['another body', { body: '{"total":1}' }, 'wrong_signature'],
    ['another secret', { secret: 'another-secret' }, 'wrong_signature'],
    ['another id', { headers: { ...headers, 'webhook-id': 'evt_02' } }, 'wrong_signature'],
    [
      'another time',
      { headers: { ...headers, 'webhook-timestamp': String(seconds + 1) } },
      'wrong_signature',
    ],
    ['a cut signature', { headers: { ...headers, 'webhook-signature': 'v1,AAAA' } }, 'wrong_signature'],
    ['no signature', { headers: { ...headers, 'webhook-signature': 'v1,' } }, 'wrong_signature'],
    ['no header', { headers: {} }, 'missing_header'],
    ['no time', { headers: { ...headers, 'webhook-timestamp': 'now' } }, 'invalid_timestamp'],
    ['age', { now: now + 301_000 }, 'too_old'],
    ['youth', { now: now - 301_000 }, 'too_new'],
    ['a tolerance that is shorter', { now: now + 11_000, tolerance: 10 }, 'too_old'],
  ] as const)('refuses %s', (_, change, code) => {
    expect(verified(change)).toBe(code);
  });

  it('accepts the longest and shortest accepted age', () => {
    expect(verified({ now: now + 300_000 })).toBe('verified');
    expect(verified({ now: now - 300_000 })).toBe('verified');
  });

  it('refuses a parsed body and an empty secret', () => {
    expect(verified({ body: JSON.parse(body) })).toBe('not_raw');
    for (const empty of ['', 'whsec_', []]) {
      expect(() => verifyWebhook({ headers, body, secret: empty, now })).toThrow('none of them empty');
    }
  });

  it('does not name the secret in an error', () => {
    expect(() => verifyWebhook({ headers, body, secret: 'a-very-secret-one', now })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('a-very-secret-one') }),
    );
  });
});

describe('verifyHexSignature', () => {
  it('accepts a signature in the header of the endpoint, keyed by the text of the secret', () => {
    expect(() => verifyHexSignature({ headers, body, secret })).not.toThrow();
    const named = webhookHeaders({ ...request, signatureHeader: 'X-Mine' });
    expect(() =>
      verifyHexSignature({ headers: named, body, secret, signatureHeader: 'x-mine' }),
    ).not.toThrow();
    expect(() => verifyHexSignature({ headers, body, secret: ['another-one', secret] })).not.toThrow();
  });

  it('refuses another body, secret, or a signature that is not hex', () => {
    expect(codeOf(() => verifyHexSignature({ headers, body: '{}', secret }))).toBe('wrong_signature');
    expect(codeOf(() => verifyHexSignature({ headers, body, secret: 'another' }))).toBe('wrong_signature');
    const half = createHmac('sha256', secret).update(body).digest('hex').slice(0, 32);
    for (const wrong of [half, 'zz', 'v1,AAAA']) {
      expect(
        codeOf(() => verifyHexSignature({ headers: { 'x-hook0-signature': wrong }, body, secret })),
      ).toBe('wrong_signature');
    }
    expect(codeOf(() => verifyHexSignature({ headers: {}, body, secret }))).toBe('missing_header');
  });
});
