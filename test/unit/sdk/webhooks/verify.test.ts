import { createHmac } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { generateSecret } from '#core/signature/secret.ts';
import { type WebhookRequest, webhookHeaders } from '#core/signature/webhook-headers.ts';
import { Hook0Error } from '#sdk/src/errors.ts';
import * as edge from '#sdk/src/webhooks/edge.ts';
import * as node from '#sdk/src/webhooks/verify.ts';
import { vectors } from '#test/support/webhook-vectors.ts';

const { WebhookVerificationError } = node;
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
  hopStamp: '1; deployment="Hook0"',
};
const headers = webhookHeaders(request);

/** `verified`, the code of the error, or `invalid option`. */
async function outcome(check: () => unknown): Promise<string> {
  try {
    await check();
    return 'verified';
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.code;
    if (error instanceof Hook0Error) return 'invalid option';
    throw error;
  }
}

describe.each([
  ['node:crypto', node],
  ['Web Crypto', edge],
])('verifyWebhook on %s', (_, { verifyWebhook }) => {
  const verified = (change: Partial<node.VerifyOptions>) =>
    outcome(() => verifyWebhook({ headers, body, secret, now, ...change }));

  it.each(vectors)('answers $expected to $name', async (vector) => {
    const given = { headers: vector.headers, body: vector.body, secret: vector.secret };
    expect(await outcome(() => verifyWebhook({ ...given, now: vector.now * 1_000 }))).toBe(vector.expected);
  });

  it('returns the id, the time and the parsed payload', async () => {
    expect(await verifyWebhook({ headers, body, secret, now })).toEqual({
      id: 'evt_01',
      timestamp: new Date(now),
      payload: { total: 1 },
    });
  });

  it('accepts every form of headers', async () => {
    const upper = Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]);
    const arrays = Object.entries(headers).map(([name, value]) => [name, [value]]);
    for (const form of [new Headers(headers), Object.fromEntries(upper), Object.fromEntries(arrays)]) {
      expect(await verified({ headers: form })).toBe('verified');
    }
  });

  it('accepts every form of bytes', async () => {
    const bytes = new TextEncoder().encode(body);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    const inside = new Uint8Array([0, ...bytes, 0]).subarray(1, -1);
    const otherRealm = runInNewContext('Uint8Array.from(bytes).buffer', { bytes });
    for (const form of [bytes, bytes.buffer, Buffer.from(body), shared, inside, otherRealm]) {
      expect(await verified({ body: form })).toBe('verified');
    }
  });

  it('accepts signatures of the reference library, and ours with any secret', async () => {
    const anySecret = fc.oneof(
      fc.uint8Array({ minLength: 24, maxLength: 64 }).map(generateSecret),
      fc.stringMatching(/^[\x21-\x7eé字]{8,40}$/).filter((text) => !text.startsWith('whsec_')),
    );
    await fc.assert(
      fc.asyncProperty(anySecret, fc.json(), async (one, json) => {
        const ours = webhookHeaders({ ...request, secrets: [one], body: Buffer.from(json) });
        expect(await verified({ headers: ours, body: json, secret: one })).toBe('verified');
        if (!one.startsWith('whsec_')) return;
        const theirs = { ...ours, 'webhook-signature': new Webhook(one).sign('evt_01', new Date(now), json) };
        expect(await verified({ headers: theirs, body: json, secret: one })).toBe('verified');
      }),
    );
  });

  it('accepts a webhook that one of several secrets fits', async () => {
    const both = webhookHeaders({ ...request, secrets: ['the-new-secret', secret] });
    expect(await verified({ headers: both, secret: 'the-new-secret' })).toBe('verified');
    expect(await verified({ secret: ['the-new-secret', secret] })).toBe('verified');
    expect(await verified({ secret: ['one-that-is-wrong', 'another-one'] })).toBe('wrong_signature');
  });

  it('refuses a signed body that is not JSON, or not UTF-8', async () => {
    for (const bytes of [Buffer.from('total=1'), Buffer.from([0x22, 0xff, 0x22]), Buffer.from('\ufeff1')]) {
      const signed = webhookHeaders({ ...request, body: bytes });
      expect(await verified({ headers: signed, body: bytes })).toBe('invalid_json');
    }
  });

  it('refuses a header that the request has twice', async () => {
    const twice = { ...headers, 'Webhook-Id': 'evt_02' };
    expect(await verified({ headers: twice })).toBe('missing_header');
    expect(await verified({ headers: { ...headers, 'webhook-id': ['evt_01', 'evt_02'] } })).toBe(
      'missing_header',
    );
  });

  it.each<[string, object, string]>([
    ['a tolerance of NaN', { tolerance: Number.NaN }, 'tolerance: received NaN'],
    ['an endless tolerance', { tolerance: Number.POSITIVE_INFINITY }, 'tolerance: received Infinity'],
    ['a tolerance in milliseconds', { tolerance: 300_000 }, 'a number of seconds from 0 to 86400'],
    ['a tolerance below zero', { tolerance: -1 }, 'tolerance: received -1'],
    ['a tolerance that is a text', { tolerance: '300' }, 'tolerance: received string'],
    ['a tolerance of null', { tolerance: null }, 'tolerance: received null'],
    ['a time of NaN', { now: Number.NaN }, 'now: received NaN'],
    ['no secret', { secret: undefined }, 'secret: received undefined'],
    ['an empty secret', { secret: '' }, 'a secret of 0 characters'],
    ['a short secret', { secret: 'short' }, 'a secret of 5 characters'],
    ['a secret with a line end', { secret: 'a-fine-secret\n' }, 'line ends'],
    ['an empty list of secrets', { secret: [] }, 'an empty list'],
    ['a list with an empty secret', { secret: [secret, ''] }, 'a secret of 0 characters'],
    ['a key that is too short', { secret: 'whsec_c2hvcnQ=' }, 'a whsec_ secret of 5 bytes'],
    ['a key that is not base64', { secret: 'whsec_%%%' }, 'not padded base64'],
    ['a parsed body', { body: { total: 1 } }, 'body: received object; expected the received bytes'],
    ['no body', { body: undefined }, 'body: received undefined'],
    ['no headers', { headers: undefined }, 'headers: received undefined'],
    ['a mistyped option', { tolerence: 60 }, 'tolerence is unknown; did you mean tolerance?'],
  ])('throws for %s before it compares anything', async (_case, change, message) => {
    // The signature is wrong as well, and the error does not say so.
    const wrong = { headers: { ...headers, 'webhook-signature': 'v1,' }, body, secret, now };
    const check = async () => verifyWebhook({ ...wrong, ...change } as node.VerifyOptions);
    await expect(check()).rejects.toThrow(message);
    await expect(check()).rejects.toThrow(Hook0Error);
    // An error of the receiver must not look like an error of the sender: Hook0 would not send the webhook again.
    await expect(check()).rejects.not.toHaveProperty('statusCode');
  });

  it('throws an error that frameworks answer with 400', async () => {
    const error = await (async () => verifyWebhook({ headers, body: '[]', secret, now }))().catch((e) => e);
    expect(error).toMatchObject({ name: 'WebhookVerificationError', statusCode: 400 });
    expect(error.getResponse()).toMatchObject({ status: 400 });
    expect(await error.getResponse().text()).toBe(error.message);
  });

  it('does not name the secret in an error', async () => {
    for (const one of ['a-very-secret-one', 'very secret', `whsec_${'secret'.repeat(20)}`]) {
      const message = await (async () => verifyWebhook({ headers, body, secret: one, now }))().catch(String);
      expect(message).not.toContain('very');
      expect(message).not.toContain('secretsecret');
    }
  });
});

describe.each([
  ['node:crypto', node],
  ['Web Crypto', edge],
])('verifyHexSignature on %s', (_, { verifyHexSignature }) => {
  const verified = (change: Partial<node.HexOptions>) =>
    outcome(() => verifyHexSignature({ headers, body, secret, ...change }));

  it('accepts a signature in the header of the endpoint, keyed by the text of the secret', async () => {
    expect(await verifyHexSignature({ headers, body, secret })).toEqual({ payload: { total: 1 } });
    const named = webhookHeaders({ ...request, signatureHeader: 'X-Mine' });
    expect(await verified({ headers: named, signatureHeader: 'x-mine' })).toBe('verified');
    expect(await verified({ secret: ['another-one', secret] })).toBe('verified');
  });

  it('refuses another body, another secret, and a signature that is cut or not hex', async () => {
    expect(await verified({ body: '{}' })).toBe('wrong_signature');
    expect(await verified({ secret: 'another-one' })).toBe('wrong_signature');
    const half = createHmac('sha256', secret).update(body).digest('hex').slice(0, 32);
    for (const wrong of [half, 'zz', 'v1,AAAA', `${headers['X-Hook0-Signature']} `]) {
      expect(await verified({ headers: { 'x-hook0-signature': wrong } })).toBe('wrong_signature');
    }
    expect(await verified({ headers: {} })).toBe('missing_header');
  });

  it('throws for an option that is wrong', async () => {
    for (const change of [{ signatureHeader: '' }, { signatureHeader: 'x y' }, { secret: '' }, { now }]) {
      expect(await verified(change)).toBe('invalid option');
    }
  });
});
