import { Hook0Error } from '../errors.ts';
import { jsonOf } from '../json.ts';
import { checkNames, kindOf } from '../options.ts';
import { type Bytes, bytesOf, concat, toBase64, toHex, utf8 } from '../webhooks/bytes.ts';
import { checkHeaderName, checkNumber, defaultSignatureHeader, idForm } from '../webhooks/received.ts';
import { checkedSecrets, keyOf } from '../webhooks/secret.ts';
import { hmac } from '../webhooks/web-hmac.ts';

export interface SignOptions {
  /** The secret of the endpoint, or several, newest first, as during a rotation. */
  readonly secret: string | readonly string[];
  /** What to send as JSON. Give either this or `body`. */
  readonly payload?: unknown;
  /** What to send as it is. */
  readonly body?: Bytes;
  /** @default - a new one */
  readonly id?: string;
  /** Epoch milliseconds. @default - the current time */
  readonly now?: number;
  /** @default X-Hook0-Signature */
  readonly signatureHeader?: string;
}

export interface SignedRequest {
  readonly headers: Record<string, string>;
  readonly body: Bytes;
}

/**
 * Signs a webhook as Hook0 does, for tests of your receiver: send `body` with `headers` to it.
 *
 * @throws Hook0Error when an option is invalid
 */
export async function sign(options: SignOptions): Promise<SignedRequest> {
  checkNames('sign', options, ['secret', 'payload', 'body', 'id', 'now', 'signatureHeader']);
  const { secret, id = `evt_${crypto.randomUUID()}`, now = Date.now() } = options;
  const { signatureHeader = defaultSignatureHeader } = options;
  const secrets = checkedSecrets(secret);
  const body = bodyOf(options);
  const bytes = bytesOf(body);
  if (bytes === undefined) throw new Hook0Error(`body: received ${kindOf(body)}; expected bytes or text`);
  if (!idForm.test(id)) throw new Hook0Error(`id: received ${id}; expected characters of A-Z a-z 0-9 _ -`);
  checkNumber('now', now, Number.MAX_SAFE_INTEGER, 'milliseconds');
  checkHeaderName(signatureHeader);
  const timestamp = String(Math.floor(now / 1_000));
  const signed = concat(utf8(`${id}.${timestamp}.`), bytes);
  const signatures = await Promise.all(
    secrets.map(async (one) => `v1,${toBase64(await hmac(keyOf(one), signed))}`),
  );
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
    [signatureHeader]: toHex(await hmac(utf8(secrets[0] ?? ''), bytes)),
  };
  return { headers, body };
}

function bodyOf({ payload, body }: SignOptions): Bytes {
  if ((payload === undefined) === (body === undefined)) {
    throw new Hook0Error('sign: expected payload or body, and not both');
  }
  return body ?? jsonOf(payload, 'payload');
}
