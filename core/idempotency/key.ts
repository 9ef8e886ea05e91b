import { createHash } from 'node:crypto';
import { Problem } from '#core/problem/problem.ts';

export const idempotencyHeader = 'idempotency-key';

const accepted = '1 to 255 visible ASCII characters without blanks';
export const idempotencyKeyPattern = /^[\x21-\x7e]{1,255}$/;

/**
 * The request's idempotency key, an opaque text; undefined without one.
 *
 * @throws Problem `invalid_header` (400)
 */
export function readIdempotencyKey(
  headers: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const key = headers[idempotencyHeader];
  if (key === undefined || idempotencyKeyPattern.test(key)) return key;
  const received =
    key.length > 255
      ? `${key.length} characters`
      : JSON.stringify(key.length > 64 ? `${key.slice(0, 64)}…` : key);
  throw new Problem('invalid_header', {
    detail: `${idempotencyHeader}: received ${received}; accepted: ${accepted}`,
    field: idempotencyHeader,
    accepted,
  });
}

/** The hash of a key in hexadecimal, so that table keys have one length. */
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** The hash of a request. Two requests with the same hash have the same path and body. */
export const hashRequest = (path: string, body: string): string =>
  createHash('sha256').update(`${path}\n`).update(body).digest('base64url');
