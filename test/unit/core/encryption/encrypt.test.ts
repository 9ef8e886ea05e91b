import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt, encryptionKey, nonceBytes } from '#core/encryption/encrypt.ts';

const key = encryptionKey(randomBytes(32));
const place = 'ENDPOINT#ep_1 CONFIG';

describe('an encrypted text', () => {
  it('is read again with its key in its place', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.uint8Array({ minLength: 12, maxLength: 12 }),
        (text, nonce) => {
          expect(decrypt(key, encrypt(key, nonce, text, place), place)).toBe(text);
        },
      ),
    );
  });

  it('is not read with another key or in another place', () => {
    const bytes = encrypt(key, randomBytes(nonceBytes), 'a secret', place);

    expect(() => decrypt(encryptionKey(randomBytes(32)), bytes, place)).toThrow();
    expect(() => decrypt(key, bytes, 'ENDPOINT#ep_2 CONFIG')).toThrow();
  });

  it('is not read when any bit of it was changed', () => {
    const bytes = encrypt(key, randomBytes(nonceBytes), 'a secret', place);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Uint8Array.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => decrypt(key, changed, place)).toThrow();
    }
  });

  it('is not read when it was cut', () => {
    const bytes = encrypt(key, randomBytes(nonceBytes), 'a secret', place);
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => decrypt(key, bytes.subarray(0, length), place)).toThrow();
  });

  it('shows nothing of the text, and differs each time', () => {
    const text = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const [first, second] = [0, 1].map(() => encrypt(key, randomBytes(nonceBytes), text, place));

    expect(Buffer.from(first ?? []).includes(text.slice(0, 8))).toBe(false);
    expect(first).not.toEqual(second);
  });
});

it('a key of another length is refused', () => {
  expect(() => encryptionKey(new Uint8Array(16))).toThrow('a key of 16 bytes was received; AES-256 needs 32');
});
