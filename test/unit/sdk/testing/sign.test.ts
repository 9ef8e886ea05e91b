import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { Hook0Error } from '#sdk/src/errors.ts';
import { type SignOptions, sign } from '#sdk/src/testing/sign.ts';
import { verifyHexSignature, verifyWebhook } from '#sdk/src/webhooks/verify.ts';
import { vectors } from '#test/support/webhook-vectors.ts';

const secret = 'webhook-secret-key';

describe('sign', () => {
  it('makes what the receiver verifies', async () => {
    const { headers, body } = await sign({ secret, payload: { n: 1 } });
    expect(verifyWebhook({ headers, body, secret })).toMatchObject({
      id: expect.stringMatching(/^evt_[0-9a-f-]{36}$/),
      payload: { n: 1 },
    });
    expect(verifyHexSignature({ headers, body, secret }).payload).toEqual({ n: 1 });
    expect(headers['content-type']).toBe('application/json');
  });

  it.each(vectors.filter(({ expected }) => expected === 'verified'))(
    'makes the vector "$name"',
    async (vector) => {
      const id = vector.headers['webhook-id'];
      const now = Number(vector.headers['webhook-timestamp']) * 1_000;
      const { headers } = await sign({ secret: vector.secret, body: vector.body, id, now });
      expect(vector.headers['webhook-signature']?.split(' ')).toContain(headers['webhook-signature']);
    },
  );

  it('signs with each secret of a rotation, and what the reference library verifies', async () => {
    const published = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const { headers, body } = await sign({
      secret: [secret, published],
      body: '{"n":1.0}',
      signatureHeader: 'x-mine',
    });
    expect(new Webhook(published).verify(String(body), headers)).toEqual({ n: 1 });
    expect(() => verifyHexSignature({ headers, body, secret, signatureHeader: 'X-Mine' })).not.toThrow();
  });

  it.each<[object, string]>([
    [{ secret: 'short', payload: 1 }, 'a secret of 5 characters'],
    [{ secret }, 'expected payload or body, and not both'],
    [{ secret, payload: 1, body: '1' }, 'expected payload or body, and not both'],
    [{ secret, payload: 1n }, 'payload: it cannot be written as JSON'],
    [{ secret, body: {} }, 'body: received object'],
    [{ secret, body: '1', id: 'evt_1.2' }, 'id: received evt_1.2'],
    [{ secret, body: '1', now: Number.NaN }, 'now: received NaN'],
    [{ secret, paylod: 1 }, 'paylod is unknown; did you mean payload?'],
  ])('refuses %o', async (options, message) => {
    await expect(sign(options as SignOptions)).rejects.toThrow(message);
    await expect(sign(options as SignOptions)).rejects.toThrow(Hook0Error);
  });
});
