import { createHmac, timingSafeEqual } from 'node:crypto';
import { Hook0Error } from './errors.ts';

type HeaderValue = string | readonly string[] | undefined;

/** The headers of the received request: a `Headers` object, or an object such as Node's `request.headers`. */
export type SignedHeaders = { get(name: string): string | null } | Readonly<Record<string, HeaderValue>>;

export interface VerifyOptions {
  readonly headers: SignedHeaders;
  /** The body as it was received, byte by byte, and not parsed. */
  readonly body: string | Uint8Array;
  /** The secret of the endpoint, or several of which one must fit. */
  readonly secret: string | readonly string[];
  /** How many seconds the time of the webhook may differ from now. @default 300 */
  readonly tolerance?: number;
  /** Epoch milliseconds. @default - the current time */
  readonly now?: number;
}

export interface VerifiedWebhook {
  /** The same for all attempts, redrives and replays of an event, so it identifies duplicates. */
  readonly id: string;
  /** When this attempt was made. */
  readonly timestamp: Date;
}

/** The webhook is not authentic. `code` says why. */
export class WebhookVerificationError extends Hook0Error {
  override readonly name = 'WebhookVerificationError';
  readonly code:
    | 'missing_header'
    | 'invalid_timestamp'
    | 'too_old'
    | 'too_new'
    | 'wrong_signature'
    | 'not_raw';

  constructor(code: WebhookVerificationError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const prefix = 'whsec_';

/**
 * Checks a webhook as Standard Webhooks defines it: `webhook-id`, `webhook-timestamp` and `webhook-signature`.
 *
 * @throws WebhookVerificationError
 */
export function verifyWebhook(options: VerifyOptions): VerifiedWebhook {
  const { headers, secret, tolerance = 300, now = Date.now() } = options;
  const body = rawBody(options.body);
  const id = header(headers, 'webhook-id');
  const timestamp = header(headers, 'webhook-timestamp');
  const given = header(headers, 'webhook-signature')
    .split(' ')
    .flatMap((one) => (one.startsWith('v1,') ? [Buffer.from(one.slice(3), 'base64')] : []));
  if (!/^\d{1,12}$/.test(timestamp)) {
    throw new WebhookVerificationError(
      'invalid_timestamp',
      'webhook-timestamp is not a number of seconds since the epoch',
    );
  }
  const expected = secretsOf(secret).map((one) =>
    createHmac('sha256', keyOf(one)).update(`${id}.${timestamp}.`).update(body).digest(),
  );
  checkAny(expected, given, 'webhook-signature');
  // The age is checked last, because only a signed time can be trusted.
  const age = Math.floor(now / 1_000) - Number(timestamp);
  if (age > tolerance) {
    throw new WebhookVerificationError(
      'too_old',
      `the webhook is ${age} s old; at most ${tolerance} s are accepted`,
    );
  }
  if (age < -tolerance) {
    throw new WebhookVerificationError(
      'too_new',
      `the time of the webhook is ${-age} s in the future; at most ${tolerance} s are accepted`,
    );
  }
  return { id, timestamp: new Date(Number(timestamp) * 1_000) };
}

/**
 * Checks the hex HMAC-SHA256 of the body in the header `X-Hook0-Signature`, or in the `signatureHeader` of the endpoint.
 * Prefer `verifyWebhook`: this signature does not cover the time, so an attacker can send a captured webhook again.
 *
 * @throws WebhookVerificationError
 */
export function verifyHexSignature(
  options: Pick<VerifyOptions, 'headers' | 'body' | 'secret'> & {
    /** @default X-Hook0-Signature */
    readonly signatureHeader?: string;
  },
): void {
  const { headers, secret, signatureHeader = 'X-Hook0-Signature' } = options;
  const body = rawBody(options.body);
  const given = [Buffer.from(header(headers, signatureHeader), 'hex')];
  const expected = secretsOf(secret).map((one) => createHmac('sha256', one).update(body).digest());
  checkAny(expected, given, signatureHeader);
}

/** Compares every pair, so that the duration does not depend on which pair fits. */
function checkAny(expected: readonly Buffer[], given: readonly Buffer[], name: string): void {
  let fits = false;
  for (const one of expected) {
    for (const other of given) {
      if (one.length === other.length && timingSafeEqual(one, other)) fits = true;
    }
  }
  if (fits) return;
  throw new WebhookVerificationError(
    'wrong_signature',
    `no signature in ${name} is valid: the secret is that of another endpoint, or the body was changed`,
  );
}

const keyOf = (secret: string): Buffer =>
  secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);

function secretsOf(secret: string | readonly string[]): readonly string[] {
  const secrets = typeof secret === 'string' ? [secret] : secret;
  // Anybody can sign with an empty key.
  if (secrets.length === 0 || secrets.some((one) => typeof one !== 'string' || keyOf(one).length === 0)) {
    throw new Hook0Error('secret: expected the secret of the endpoint or several, none of them empty');
  }
  return secrets;
}

function rawBody(body: unknown): Uint8Array {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  throw new WebhookVerificationError(
    'not_raw',
    'body: expected the received bytes, because parsed JSON does not hold what was signed ' +
      '(in Express, use express.raw({ type: "application/json" }) for this route)',
  );
}

function header(headers: SignedHeaders, name: string): string {
  const value = isHeaders(headers) ? headers.get(name) : named(headers, name);
  const text = typeof value === 'string' ? value : (value?.join(', ') ?? '');
  if (text !== '') return text;
  throw new WebhookVerificationError('missing_header', `the request has no header ${name}`);
}

const isHeaders = (headers: SignedHeaders): headers is { get(name: string): string | null } =>
  typeof headers.get === 'function';

function named(headers: Readonly<Record<string, HeaderValue>>, name: string): HeaderValue {
  const lower = name.toLowerCase();
  return Object.entries(headers).find(([other]) => other.toLowerCase() === lower)?.[1];
}
