import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkSecret, secretKey } from '#core/signature/secret.ts';
import { checkedSecrets, keyOf } from '#sdk/src/webhooks/secret.ts';

function accepts(secret: string): boolean {
  try {
    checkedSecrets(secret);
    return true;
  } catch {
    return false;
  }
}

const base64 = fc
  .uint8Array({ minLength: 20, maxLength: 70 })
  .map((key) => Buffer.from(key).toString('base64'));
const secrets = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 0, maxLength: 20 }),
  fc.string({ unit: 'binary', minLength: 0, maxLength: 20 }),
  fc.nat(300).map((length) => 'é'.repeat(length)),
  base64.map((text) => `whsec_${text}`),
  base64.map((text) => `whsec_${text.replaceAll('=', '')}`),
  // The last character before the padding holds bits that belong to no byte.
  base64.map((text) => `whsec_${text.replace(/.=/, '/=')}`),
);

it('a secret is accepted if and only if the API accepts it, and has the same key', () => {
  fc.assert(
    fc.property(secrets, (secret) => {
      expect(accepts(secret)).toBe(checkSecret(secret).ok);
      if (accepts(secret)) expect(keyOf(secret)).toEqual(new Uint8Array(secretKey(secret)));
    }),
    { numRuns: 1_000 },
  );
});
