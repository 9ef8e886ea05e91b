import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Rate } from '#core/rate-limit/token-rate.ts';
import type { Capability } from './capability.ts';

export const scopes = ['admin', 'manage', 'ingest', 'read'] as const;

/** What a token may do; `authorize.ts` says which scope allows what. */
export type Scope = (typeof scopes)[number];

/** The owner of operators' tokens, which are for all applications. No application can have this id. */
export const allApplications = '*';

/** What is known of a token; its text is shown once and never stored. Times are epoch milliseconds. */
export interface TokenRecord {
  /** `tok_…` */
  readonly id: string;
  /** An application's id, or `*` for an operator's token. */
  readonly applicationId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly expiresAt?: number;
  /** Events a second that it may post. */
  readonly rateLimit?: Rate;
  /** Those of a portal token, which has no scopes; others have none. */
  readonly capabilities?: readonly Capability[];
  /** When it was used, at most an hour or so before it was used last. */
  readonly lastUsedAt?: number;
}

const prefix = 'hk0_';
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 30;
const checksumLength = 6;
const shape = new RegExp(`^${prefix}[0-9A-Za-z]{${secretLength + checksumLength}}$`);

// The largest multiple of 62 in a byte: what lies above would make the first characters likelier.
const unbiased = 248;

/** So many random bytes that, one in 32 being skipped, 30 usable ones are certain for all practical purposes. */
export const tokenRandomBytes = 64;

/**
 * Makes a token's text, `hk0_` + 30 characters (178 bits) + 6 of checksum, each of `0-9A-Za-z`.
 *
 * The prefix lets secret scanners find leaked tokens; the checksum lets them, and us, tell a token from
 * something that only looks like one without asking a database.
 *
 * @param randomBytes - `tokenRandomBytes` bytes from a cryptographic source.
 * @throws RangeError when fewer than 30 of the bytes are usable.
 */
export function makeToken(randomBytes: Uint8Array): string {
  const usable = randomBytes.filter((byte) => byte < unbiased).subarray(0, secretLength);
  if (usable.length < secretLength) {
    throw new RangeError(
      `a token needs ${secretLength} random bytes below ${unbiased}, got ${usable.length} in ${randomBytes.length}; ` +
        `give ${tokenRandomBytes} bytes`,
    );
  }
  const body = prefix + Array.from(usable, (byte) => alphabet.charAt(byte % alphabet.length)).join('');
  return body + checksum(body);
}

/** Whether a text has the form and the checksum of a token. Says nothing about whether such a token exists. */
export function isTokenText(text: string): boolean {
  if (!shape.test(text)) return false;
  const body = text.slice(0, -checksumLength);
  return text.slice(-checksumLength) === checksum(body);
}

/**
 * Whether a text has a token's form but not its checksum, and so cannot be one. Other texts may be tokens too:
 * whoever deploys can choose the first admin token.
 */
export const isMistypedToken = (text: string): boolean => shape.test(text) && !isTokenText(text);

/** SHA-256 of the token's text in hex: all that is stored. The text is random, so it needs no salt or stretching. */
export const hashToken = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Whether the token's time is over. `now` is epoch milliseconds. */
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
