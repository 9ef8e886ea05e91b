type SecretCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'secret_invalid'; readonly message: string };

const prefix = 'whsec_';
const minKeyBytes = 24;
const maxKeyBytes = 64;
const minCharacters = 8;
const maxCharacters = 256;

export const acceptedSecret = `${prefix} and the base64 of ${minKeyBytes} to ${maxKeyBytes} bytes, or ${minCharacters} to ${maxCharacters} visible characters`;

/** Letters, marks, numbers, punctuation and symbols of any script: a person can see and type them. */
const visible = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u;

/**
 * Checks a secret before it is saved: `whsec_` and the base64 of 24 to 64 bytes (Standard Webhooks), or any
 * other 8 to 256 visible characters.
 *
 * @returns a refusal whose message never repeats the secret.
 */
export function checkSecret(secret: string): SecretCheck {
  if (secret.startsWith(prefix)) {
    const key = secretKey(secret);
    // Buffer skips other characters, so the text is base64 only if it comes back the same.
    const isBase64 = Buffer.from(key).toString('base64') === secret.slice(prefix.length);
    if (isBase64 && key.length >= minKeyBytes && key.length <= maxKeyBytes) {
      return { ok: true };
    }
    const received = isBase64 ? `holds ${key.length} bytes` : 'is not padded base64 after the prefix';
    return refuse(`the ${prefix} secret ${received}`);
  }
  const length = [...secret].length;
  if (length < minCharacters || length > maxCharacters) {
    return refuse(`the secret has ${length} characters`);
  }
  return visible.test(secret) ? { ok: true } : refuse('the secret has blanks or invisible characters');
}

/**
 * The key of a Standard Webhooks signature: the bytes of the base64 after `whsec_`, or the UTF-8 bytes of any other
 * secret.
 *
 * @param secret - one that passed `checkSecret`.
 */
export function secretKey(secret: string): Uint8Array {
  return secret.startsWith(prefix)
    ? Buffer.from(secret.slice(prefix.length), 'base64')
    : Buffer.from(secret, 'utf8');
}

/**
 * Makes a secret from bytes of a cryptographic source.
 *
 * @param randomBytes - 24 to 64 bytes; Standard Webhooks uses 24.
 * @throws RangeError on any other length.
 */
export function generateSecret(randomBytes: Uint8Array): string {
  if (randomBytes.length < minKeyBytes || randomBytes.length > maxKeyBytes) {
    throw new RangeError(
      `a secret needs ${minKeyBytes} to ${maxKeyBytes} random bytes, got ${randomBytes.length}`,
    );
  }
  return prefix + Buffer.from(randomBytes).toString('base64');
}

function refuse(received: string): SecretCheck {
  return { ok: false, code: 'secret_invalid', message: `${received}; accepted: ${acceptedSecret}` };
}
