import { Hook0Error } from '../errors.ts';
import { checkNames, kindOf } from '../options.ts';
import { type Bytes, bytesOf, concat, fromBase64, fromHex, textOf, utf8 } from './bytes.ts';
import { WebhookVerificationError } from './error.ts';
import { headerOf, type SignedHeaders } from './headers.ts';
import { checkedSecrets, keyOf } from './secret.ts';

export interface VerifyOptions {
  readonly headers: SignedHeaders;
  /** The body as it was received, byte by byte, and not parsed. */
  readonly body: Bytes;
  /** The secret of the endpoint, or several of which one must fit. */
  readonly secret: string | readonly string[];
  /** How many seconds the time of the webhook may differ from now: 0 to 86400. @default 300 */
  readonly tolerance?: number;
  /** Epoch milliseconds. @default - the current time */
  readonly now?: number;
}

export interface HexOptions extends Pick<VerifyOptions, 'headers' | 'body' | 'secret'> {
  /** The `security.signatureHeader` of the endpoint. @default X-Hook0-Signature */
  readonly signatureHeader?: string;
}

export interface VerifiedWebhook<Payload = unknown> {
  /** The same for all attempts, redrives and replays of an event, so it identifies duplicates. */
  readonly id: string;
  /** When this attempt was made. */
  readonly timestamp: Date;
  /** The parsed body. */
  readonly payload: Payload;
}

/** What remains to be done: make the HMAC-SHA256 of `signed` with each key, and hand it to `finish`. */
export interface Received<Result> {
  readonly keys: readonly Uint8Array[];
  readonly signed: Uint8Array;
  /** @throws WebhookVerificationError unless a signature is among the digests */
  finish(digests: readonly Uint8Array[], equal: (one: Uint8Array, other: Uint8Array) => boolean): Result;
}

/** Only one text of the signed form `id.timestamp.body` belongs to an id without dots. */
export const idForm = /^[A-Za-z0-9_-]{1,255}$/;
export const defaultSignatureHeader = 'X-Hook0-Signature';
/** Seconds. */
const day = 86_400;

/** @throws Hook0Error for wrong options, and WebhookVerificationError for a wrong request */
export function readWebhook<Payload>(options: VerifyOptions): Received<VerifiedWebhook<Payload>> {
  checkNames('verifyWebhook', options, ['headers', 'body', 'secret', 'tolerance', 'now']);
  const { headers, secret, tolerance = 300, now = Date.now() } = options;
  const keys = checkedSecrets(secret).map(keyOf);
  const body = rawBody(options.body);
  checkNumber('tolerance', tolerance, day, 'seconds');
  checkNumber('now', now, Number.MAX_SAFE_INTEGER, 'milliseconds');
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature').split(' ').flatMap(signatureOf);
  if (!idForm.test(id)) {
    throw new WebhookVerificationError('invalid_id', 'webhook-id has characters other than A-Z a-z 0-9 _ -');
  }
  if (!/^\d{1,12}$/.test(timestamp)) {
    const message = 'webhook-timestamp is not a number of seconds since the epoch';
    throw new WebhookVerificationError('invalid_timestamp', message);
  }
  return {
    keys,
    signed: concat(utf8(`${id}.${timestamp}.`), body),
    finish(digests, equal) {
      checkAny(digests, signatures, equal, 'webhook-signature');
      // The age is checked last, because only a signed time can be trusted.
      checkAge(Math.floor(now / 1_000) - Number(timestamp), tolerance);
      return { id, timestamp: new Date(Number(timestamp) * 1_000), payload: parsed(body) };
    },
  };
}

/** @throws Hook0Error for wrong options, and WebhookVerificationError for a wrong request */
export function readHexWebhook<Payload>(
  options: HexOptions,
): Received<Pick<VerifiedWebhook<Payload>, 'payload'>> {
  checkNames('verifyHexSignature', options, ['headers', 'body', 'secret', 'signatureHeader']);
  const { headers, secret, signatureHeader = defaultSignatureHeader } = options;
  const keys = checkedSecrets(secret).map(utf8);
  const body = rawBody(options.body);
  checkHeaderName(signatureHeader);
  const signature = fromHex(headerOf(headers, signatureHeader));
  return {
    keys,
    signed: body,
    finish(digests, equal) {
      checkAny(digests, signature === undefined ? [] : [signature], equal, signatureHeader);
      return { payload: parsed(body) };
    },
  };
}

function signatureOf(text: string): readonly Uint8Array[] {
  // Other versions, such as v1a, are for receivers with other keys.
  const bytes = text.startsWith('v1,') ? fromBase64(text.slice(3)) : undefined;
  return bytes === undefined ? [] : [bytes];
}

export function checkHeaderName(name: unknown): void {
  if (typeof name === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(name)) return;
  throw new Hook0Error(`signatureHeader: received ${JSON.stringify(name)}; expected the name of a header`);
}

export function checkNumber(name: string, value: unknown, most: number, unit: string): void {
  if (typeof value === 'number' && value >= 0 && value <= most) return;
  const received = typeof value === 'number' ? value : kindOf(value);
  throw new Hook0Error(`${name}: received ${received}; expected a number of ${unit} from 0 to ${most}`);
}

function rawBody(body: unknown): Uint8Array {
  const bytes = bytesOf(body);
  if (bytes !== undefined) return bytes;
  throw new Hook0Error(
    `body: received ${kindOf(body)}; expected the received bytes, because a parsed body no longer holds what was ` +
      'signed (in Express, use express.raw({ type: "application/json" }) for this route)',
  );
}

/** Compares every pair, so that the duration does not depend on which pair fits. */
function checkAny(
  digests: readonly Uint8Array[],
  signatures: readonly Uint8Array[],
  equal: (one: Uint8Array, other: Uint8Array) => boolean,
  name: string,
): void {
  const fits = digests.flatMap((digest) => signatures.map((signature) => equal(digest, signature)));
  if (fits.includes(true)) return;
  throw new WebhookVerificationError(
    'wrong_signature',
    `no signature in ${name} is valid: the secret is that of another endpoint, or the body was changed`,
  );
}

function checkAge(age: number, tolerance: number): void {
  const accepted = `at most ${tolerance} s are accepted`;
  if (age > tolerance)
    throw new WebhookVerificationError('too_old', `the webhook is ${age} s old; ${accepted}`);
  if (age < -tolerance) {
    const message = `the time of the webhook is ${-age} s in the future; ${accepted}`;
    throw new WebhookVerificationError('too_new', message);
  }
}

function parsed<Payload>(body: Uint8Array): Payload {
  try {
    // The signature proves who sent it. What it contains is agreed between sender and receiver.
    return JSON.parse(textOf(body)) as Payload;
  } catch (cause) {
    const message = 'the body was signed, but it is not JSON in UTF-8';
    throw new WebhookVerificationError('invalid_json', message, { cause });
  }
}
