import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { checkSecret, generateSecret, secretKey } from '#core/signature/secret.ts';
import { hexSignature, sign, signAll } from '#core/signature/sign.ts';
import { vectors } from '#test/support/webhook-vectors.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const keys = fc.uint8Array({ minLength: 24, maxLength: 64 });
const visibleSecrets = fc
  .string({
    unit: fc.constantFrom('a', 'Z', '7', '-', '_', 'é', '字', '€', '😀', '/', '='),
    minLength: 8,
    maxLength: 256,
  })
  .filter((secret) => [...secret].length <= 256);

describe('Standard Webhooks signatures', () => {
  it.each(vectors.filter(({ expected }) => expected === 'verified'))('match the vector "$name"', (vector) => {
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given } = vector.headers;
    expect(given?.split(' ')).toContain(
      sign(vector.secret, String(id), Number(timestamp), bytes(vector.body)),
    );
  });

  it('are what the reference library makes and verifies, for any whsec_ secret', () => {
    fc.assert(
      fc.property(keys, fc.uuid(), fc.json(), (key, id, body) => {
        const secret = generateSecret(key);
        const now = Math.floor(Date.now() / 1000);
        const signature = sign(secret, id, now, bytes(body));

        const reference = new Webhook(secret);
        expect(signature).toBe(reference.sign(id, new Date(now * 1000), body));
        const headers = {
          'webhook-id': id,
          'webhook-timestamp': String(now),
          'webhook-signature': signature,
        };
        expect(() => reference.verify(body, headers)).not.toThrow();
      }),
    );
  });

  it('use the UTF-8 bytes of any other secret', () => {
    fc.assert(
      fc.property(visibleSecrets, fc.string(), (secret, body) => {
        const reference = new Webhook(bytes(secret), { format: 'raw' });
        expect(sign(secret, 'evt_1', 1_764_000_000, bytes(body))).toBe(
          reference.sign('evt_1', new Date(1_764_000_000_000), body),
        );
      }),
    );
  });

  it('cover bytes that are no UTF-8 text', () => {
    fc.assert(
      fc.property(keys, fc.uint8Array(), (key, body) => {
        const expected = createHmac('sha256', key)
          .update(Buffer.concat([bytes('evt_1.1764000000.'), body]))
          .digest('base64');
        expect(sign(generateSecret(key), 'evt_1', 1_764_000_000, body)).toBe(`v1,${expected}`);
      }),
    );
  });

  it('verify with each live secret during a rotation', () => {
    const secrets = [generateSecret(new Uint8Array(24).fill(1)), generateSecret(new Uint8Array(24).fill(2))];
    const now = Math.floor(Date.now() / 1000);
    const signature = signAll(secrets, 'evt_1', now, bytes('{}'));

    const headers = {
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(now),
      'webhook-signature': signature,
    };
    for (const secret of secrets) {
      expect(new Webhook(secret).verify('{}', headers)).toEqual({});
    }
    expect(signature).toMatch(/^v1,\S+ v1,\S+$/);
  });
});

describe('the hex signature', () => {
  it('is the HMAC-SHA256 of the body alone (RFC 4231, test case 2)', () => {
    expect(hexSignature('Jefe', bytes('what do ya want for nothing?'))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('is keyed by the text of a whsec_ secret, not by the bytes it stands for', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const expected = createHmac('sha256', bytes(secret)).update('{}').digest('hex');
    expect(hexSignature(secret, bytes('{}'))).toBe(expected);
  });
});

describe('secrets', () => {
  it('that are generated are valid and carry exactly the given bytes', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const secret = generateSecret(key);
        expect(checkSecret(secret)).toEqual({ ok: true });
        expect(new Uint8Array(secretKey(secret))).toEqual(key);
      }),
    );
  });

  it('need 24 to 64 random bytes to be generated', () => {
    expect(() => generateSecret(new Uint8Array(23))).toThrow('got 23');
    expect(() => generateSecret(new Uint8Array(65))).toThrow('got 65');
  });

  it('may be any 8 to 256 visible characters', () => {
    fc.assert(
      fc.property(visibleSecrets, (secret) => {
        fc.pre([...secret].length >= 8);
        expect(checkSecret(secret)).toEqual({ ok: true });
      }),
    );
  });

  it.each([
    ['too short', 'hunter2', 'has 7 characters'],
    ['empty', '', 'has 0 characters'],
    ['too long', 'a'.repeat(257), 'has 257 characters'],
    ['with a blank', 'correct horse', 'blanks or invisible'],
    ['with a newline', 'correct\nhorse', 'blanks or invisible'],
    ['with a zero-width space', 'correct\u200bhorse', 'blanks or invisible'],
    ['with half a surrogate pair', 'correct\ud800horse', 'blanks or invisible'],
    ['with too few key bytes', `whsec_${Buffer.alloc(23).toString('base64')}`, 'holds 23 bytes'],
    ['with too many key bytes', `whsec_${Buffer.alloc(65).toString('base64')}`, 'holds 65 bytes'],
    ['without key bytes', 'whsec_', 'holds 0 bytes'],
    ['with other characters in the base64', 'whsec_MfKQ9r8GKYqrTwjU PD8ILPZIo2LaLaSw', 'not padded base64'],
    ['with base64url', `whsec_${Buffer.alloc(26, 0xff).toString('base64url')}`, 'not padded base64'],
  ])('%s are refused without being repeated', (_case, secret, received) => {
    const result = checkSecret(secret);
    expect(result).toMatchObject({ ok: false, code: 'secret_invalid' });
    const message = result.ok ? '' : result.message;
    expect(message).toContain(received);
    expect(message).toContain(
      'accepted: whsec_ and the base64 of 24 to 64 bytes, or 8 to 256 visible characters',
    );
    if (secret.length > 6) {
      expect(message).not.toContain(secret);
    }
  });
});
