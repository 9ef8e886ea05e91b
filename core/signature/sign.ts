import { createHmac } from 'node:crypto';
import { secretKey } from './secret.ts';

/**
 * Signs one request by Standard Webhooks (specification 1.0): HMAC-SHA256 over `id.timestamp.body`.
 *
 * @param timestampSeconds - whole seconds since the epoch, as sent in `webhook-timestamp`.
 * @returns `v1,` and the base64 signature.
 */
export function sign(secret: string, id: string, timestampSeconds: number, body: Uint8Array): string {
  const hmac = createHmac('sha256', secretKey(secret)).update(`${id}.${timestampSeconds}.`).update(body);
  return `v1,${hmac.digest('base64')}`;
}

/** The value of `webhook-signature`: one signature for each live secret, so that receivers can change theirs when they like. */
export function signAll(
  secrets: readonly string[],
  id: string,
  timestampSeconds: number,
  body: Uint8Array,
): string {
  return secrets.map((secret) => sign(secret, id, timestampSeconds, body)).join(' ');
}

/** Hex HMAC-SHA256 of the body alone. The key is the UTF-8 bytes of the secret's text, including `whsec_`. */
export function hexSignature(secret: string, body: Uint8Array): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}
