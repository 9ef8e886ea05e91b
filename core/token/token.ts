import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Rate } from '#core/rate-limit/rate.ts';
import type { Capability } from './capability.ts';

export const scopes = ['admin', 'manage', 'ingest', 'read'] as const;

/** What a token may do. A scope may include others; see `authorize.ts`. */
export type Scope = (typeof scopes)[number];

/** The owner of operators' tokens, which are valid for all applications. No application can have this id. */
export const allApplications = '*';

/** A token without its text, which is shown once and never stored. Times are epoch milliseconds. */
export interface TokenRecord {
  /** `tok_…` */
  readonly id: string;
  /** An application's id, or `*` for an operator's token. */
  readonly applicationId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly expiresAt?: number;
  /** Limits the events per second that it may post. */
  readonly rateLimit?: Rate;
  /** Only of a portal token, which has no scopes. */
  readonly capabilities?: readonly Capability[];
  /** When it was last used, accurate to about an hour. */
  readonly lastUsedAt?: number;
}

const prefix = 'hk0_';
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 30;
const checksumLength = 6;
const shape = new RegExp(`^${prefix}[0-9A-Za-z]{${secretLength + checksumLength}}$`);

// The largest multiple of 62 in a byte. Larger values would make the first characters more likely.
const unbiased = 248;

/** Enough random bytes for 30 usable ones, because one in 32 is skipped. */
export const tokenRandomBytes = 64;

/**
 * Makes the text of a token: `hk0_`, 30 characters (178 bits) and a checksum of 6, all of `0-9A-Za-z`.
 *
 * Secret scanners find leaked tokens by the prefix. The checksum shows without a database whether a text can be a token.
 *
 * @param randomBytes - `tokenRandomBytes` bytes from a cryptographic source.
 * @throws RangeError when fewer than 30 of the bytes are usable.
 */
export function makeToken(randomBytes: Uint8Array): string {
  const usable = randomBytes.filter((byte) => byte < unbiased).subarray(0, secretLength);
  if (usable.length < secretLength) {
    throw new RangeError(
      `a token needs ${secretLength} random bytes below ${unbiased}, but ${randomBytes.length} bytes had ${usable.length}; ` +
        `pass ${tokenRandomBytes} bytes`,
    );
  }
  const body = prefix + Array.from(usable, (byte) => alphabet.charAt(byte % alphabet.length)).join('');
  return body + checksum(body);
}

/** Whether a text has the form and the checksum of a token. Such a token need not exist. */
export function isTokenText(text: string): boolean {
  if (!shape.test(text)) return false;
  const body = text.slice(0, -checksumLength);
  return text.slice(-checksumLength) === checksum(body);
}

/**
 * Whether a text has the form of a token but a wrong checksum. Texts of other forms may be tokens, because a deployment may
 * choose the text of the first admin token.
 */
export const isMistypedToken = (text: string): boolean => shape.test(text) && !isTokenText(text);

/** SHA-256 in hex, which is stored instead of the text. The text is random, so that it needs no salt or stretching. */
export const hashToken = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @param now epoch milliseconds */
export const isExpired = (record: TokenRecord, now: number): boolean =>
  record.expiresAt !== undefined && record.expiresAt <= now;

function checksum(body: string): string {
  let rest = crc32(body);
  let digits = '';
  for (let index = 0; index < checksumLength; index += 1) {
    digits = alphabet.charAt(rest % alphabet.length) + digits;
    rest = Math.floor(rest / alphabet.length);
  }
  return digits;
}
