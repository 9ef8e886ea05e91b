import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';

// AES-256-GCM (NIST SP 800-38D) with the recommended lengths of its nonce and tag.
const algorithm = 'aes-256-gcm';
const keyBytes = 32;
/** Bytes of the nonce that each encryption needs. */
export const nonceBytes = 12;
const tagBytes = 16;

/** @throws RangeError unless these are 32 bytes */
export function encryptionKey(bytes: Uint8Array): KeyObject {
  if (bytes.length !== keyBytes) {
    throw new RangeError(`a key of ${bytes.length} bytes was received; AES-256 needs ${keyBytes}`);
  }
  return createSecretKey(bytes);
}

/**
 * Encrypts a text, so that it can be read only with the key and only in the place that it was encrypted for.
 *
 * @param nonce 12 random bytes: one that repeats with the same key would betray both texts
 * @param place where the text is stored; not secret
 * @returns the nonce, the tag and the encrypted text, in this order
 */
export function encrypt(key: KeyObject, nonce: Uint8Array, text: string, place: string): Uint8Array {
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(place));
  const encrypted = [cipher.update(text, 'utf8'), cipher.final()];
  return Buffer.concat([nonce, cipher.getAuthTag(), ...encrypted]);
}

/**
 * @param bytes as `encrypt` returned them
 * @throws Error when key or place are not those of the encryption, or a bit was changed
 */
export function decrypt(key: KeyObject, bytes: Uint8Array, place: string): string {
  const body = nonceBytes + tagBytes;
  if (bytes.length < body) throw new Error(`${bytes.length} bytes were received; nonce and tag are ${body}`);
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(bytes.subarray(nonceBytes, body));
  return decipher.update(bytes.subarray(body), undefined, 'utf8') + decipher.final('utf8');
}
