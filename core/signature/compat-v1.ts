import { createHmac } from 'node:crypto';

/** The value of an endpoint's signature header: the hex HMAC of the body, or the value that the original Hook0 sends. */
export const signatureSchemes = ['standard', 'hook0-v1'] as const;
export type SignatureScheme = (typeof signatureSchemes)[number];

/** Headers that the original Hook0 adds to a webhook and signs. They are sent with its scheme only. */
export const hook0V1Headers = ['X-Event-Id', 'X-Event-Type'] as const;

/**
 * The value of `X-Hook0-Signature` as the original Hook0 sends it, `t=…,v0=…,h=…,v1=…`: HMAC-SHA256 in hex, keyed by
 * the UTF-8 bytes of the secret's text, `v0` over `t.body` and `v1` over `t.names.values.body`. Receivers that know
 * `v1` check it and ignore `v0`.
 *
 * @param timestampSeconds - whole seconds since the epoch
 * @param signed - the headers that `v1` covers, as they are sent
 */
export function hook0V1Signature(
  secret: string,
  timestampSeconds: number,
  signed: Readonly<Record<string, string>>,
  body: Uint8Array,
): string {
  const headers = Object.entries(signed)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const names = headers.map(([name]) => name).join(' ');
  const values = headers.map(([, value]) => value).join('.');
  const hmac = (text: string): string => createHmac('sha256', secret).update(text).update(body).digest('hex');
  const v0 = hmac(`${timestampSeconds}.`);
  const v1 = hmac(`${timestampSeconds}.${names}.${values}.`);
  return `t=${timestampSeconds},v0=${v0},h=${names},v1=${v1}`;
}
