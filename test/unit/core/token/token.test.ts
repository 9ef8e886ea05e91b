import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashToken, isExpired, isTokenText, makeToken, tokenRandomBytes } from '#core/token/token.ts';

const bytes = fc
  .uint8Array({ minLength: tokenRandomBytes, maxLength: tokenRandomBytes })
  .filter((given) => given.filter((byte) => byte < 248).length >= 30);
const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];

describe('a token', () => {
  it('is hk0_, 30 characters and a valid checksum', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const token = makeToken(given);
        expect(token).toMatch(/^hk0_[0-9A-Za-z]{36}$/);
        expect(isTokenText(token)).toBe(true);
      }),
    );
  });

  it('is refused when one character differs', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.integer({ min: 4, max: 39 }),
        fc.constantFrom(...alphabet),
        (given, at, other) => {
          const token = makeToken(given);
          fc.pre(token[at] !== other);
          expect(isTokenText(token.slice(0, at) + other + token.slice(at + 1))).toBe(false);
        },
      ),
    );
  });

  it.each(['', 'hk0_', `hk0_${'0'.repeat(36)}`, 'Bearer x', `${makeToken(new Uint8Array(64))} `])(
    'is not %j',
    (text) => {
      expect(isTokenText(text)).toBe(false);
    },
  );

  it('gives each character the same share of the bytes', () => {
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 248; byte += 1) {
      const first = makeToken(new Uint8Array(30).fill(byte)).charAt(4);
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([...alphabet].sort());
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });

  it('skips bytes that would favour some characters, and refuses too few bytes', () => {
    const plain = makeToken(new Uint8Array(30).fill(7));
    expect(makeToken(new Uint8Array([...new Array(34).fill(255), ...new Array(30).fill(7)]))).toBe(plain);
    expect(() => makeToken(new Uint8Array(64).fill(248))).toThrow(/64 bytes had 0; pass 64 bytes/);
  });

  it('keeps its form, so that existing tokens stay valid', () => {
    const token = makeToken(Uint8Array.from({ length: 64 }, (_, index) => index));
    expect(token).toBe('hk0_0123456789ABCDEFGHIJKLMNOPQRST2QilY6');
  });

  it('is stored as SHA-256 in hex', () => {
    expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('expires at its time, or never', () => {
    const record = { id: 'tok_1', applicationId: 'acme', name: 'n', scopes: [], createdAt: 0 };
    expect(isExpired({ ...record, expiresAt: 1_000 }, 999)).toBe(false);
    expect(isExpired({ ...record, expiresAt: 1_000 }, 1_000)).toBe(true);
    expect(isExpired(record, Number.MAX_SAFE_INTEGER)).toBe(false);
  });
});
