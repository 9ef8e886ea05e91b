import { createHash } from 'node:crypto';
import { Problem } from '#core/problem/problem.ts';

export const idempotencyHeader = 'idempotency-key';

const accepted = '1 to 255 visible ASCII characters, no blanks';
export const idempotencyKeyPattern = /^[\x21-\x7e]{1,255}$/;

/**
 * The request's idempotency key, or undefined when it brought none. What it says is the caller's own business.
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

/** Of a key: hexadecimal, so that any key makes a table key of one length. */
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Of what was posted where: two requests with one hash ask for the same thing, byte by byte. */
export const hashRequest = (path: string, body: string): string =>
  createHash('sha256').update(`${path}\n`).update(body).digest('base64url');
