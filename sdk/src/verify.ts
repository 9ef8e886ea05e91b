import { createHmac, timingSafeEqual } from 'node:crypto';
import { Hook0Error } from './errors.ts';

type HeaderValue = string | readonly string[] | undefined;

/** Headers of the request that came in: a `Headers` object, or one of names in any case, as Node's `request.headers`. */
export type SignedHeaders = { get(name: string): string | null } | Readonly<Record<string, HeaderValue>>;

export interface VerifyOptions {
  readonly headers: SignedHeaders;
  /** The bytes of the body as they came; not what a JSON parser made of them. */
  readonly body: string | Uint8Array;
  /** The endpoint's secret, or several of which one must fit. */
  readonly secret: string | readonly string[];
  /** Seconds that the webhook's time may differ from now. @default 300 */
  readonly tolerance?: number;
  /** Epoch milliseconds. @default - the time it is */
  readonly now?: number;
}

export interface VerifiedWebhook {
  /** The same over all attempts, redrives and replays: what is seen twice came twice. */
  readonly id: string;
  /** Of this attempt. */
  readonly timestamp: Date;
}

/** The webhook must not be trusted; `code` says why. */
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
 * Checks a webhook by Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature`.
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
      'webhook-timestamp holds no seconds since the epoch',
    );
  }
  const expected = secretsOf(secret).map((one) =>
    createHmac('sha256', keyOf(one)).update(`${id}.${timestamp}.`).update(body).digest(),
  );
  checkAny(expected, given, 'webhook-signature');
  // Only now: what nobody signed has no time worth a word.
  const age = Math.floor(now / 1_000) - Number(timestamp);
  if (age > tolerance) {
    throw new WebhookVerificationError(
      'too_old',
      `the webhook is ${age} s old; at most ${tolerance} are accepted`,
    );
  }
  if (age < -tolerance) {
    throw new WebhookVerificationError(
      'too_new',
      `the webhook is ${-age} s ahead; at most ${tolerance} are accepted`,
    );
  }
  return { id, timestamp: new Date(Number(timestamp) * 1_000) };
}

/**
 * Checks the hex HMAC-SHA256 of the body that stands in `X-Hook0-Signature`, or the endpoint's `signatureHeader`. It
 * covers no time: somebody who has seen a webhook can send it again. `verifyWebhook` is the better check.
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

/** Every pair is compared, whatever the others said, so that the time it takes says nothing. */
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
    `no signature in ${name} fits: the secret is another endpoint's, or the body is not as it was sent`,
  );
}

const keyOf = (secret: string): Buffer =>
  secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);

function secretsOf(secret: string | readonly string[]): readonly string[] {
  const secrets = typeof secret === 'string' ? [secret] : secret;
  // An empty key is one that everybody knows.
  if (secrets.length === 0 || secrets.some((one) => typeof one !== 'string' || keyOf(one).length === 0)) {
    throw new Hook0Error('secret: expected the secret of the endpoint, or several, none of them empty');
  }
  return secrets;
}

function rawBody(body: unknown): Uint8Array {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  throw new WebhookVerificationError(
    'not_raw',
    'body: expected the bytes of the request; parsed and written again, JSON is not what was signed ' +
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
