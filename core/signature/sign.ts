import { createHmac } from 'node:crypto';
import { secretKey } from './secret.ts';

/**
 * Signs one request as Standard Webhooks (specification 1.0) says: HMAC-SHA256 over `id.timestamp.body`.
 *
 * @param timestampSeconds - whole seconds since the epoch, as sent in `webhook-timestamp`.
 * @returns `v1,` and the base64 signature.
 */
export function sign(secret: string, id: string, timestampSeconds: number, body: Uint8Array): string {
  const hmac = createHmac('sha256', secretKey(secret)).update(`${id}.${timestampSeconds}.`).update(body);
  return `v1,${hmac.digest('base64')}`;
}

/** The value of `webhook-signature`: one signature per live secret, so that receivers can rotate at their pace. */
export function signAll(
  secrets: readonly string[],
  id: string,
  timestampSeconds: number,
  body: Uint8Array,
): string {
  return secrets.map((secret) => sign(secret, id, timestampSeconds, body)).join(' ');
}

/** Hex HMAC-SHA256 of the body alone, always keyed by the UTF-8 bytes of the secret's text, `whsec_` included. */
export function hexSignature(secret: string, body: Uint8Array): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}
