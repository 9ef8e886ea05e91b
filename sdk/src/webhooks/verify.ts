import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  type HexOptions,
  type Received,
  readHexWebhook,
  readWebhook,
  type VerifiedWebhook,
  type VerifyOptions,
} from './received.ts';

export { type VerificationCode, WebhookVerificationError } from './error.ts';
export type { SignedHeaders } from './headers.ts';
export type { HexOptions, VerifiedWebhook, VerifyOptions } from './received.ts';

/**
 * Checks a webhook as Standard Webhooks defines it: `webhook-id`, `webhook-timestamp` and `webhook-signature`.
 * For runtimes without `node:crypto`, see `@hook0/sdk/webhooks/edge`.
 *
 * @throws WebhookVerificationError when the webhook is not authentic, and Hook0Error when an option is invalid
 */
export function verifyWebhook<Payload = unknown>(options: VerifyOptions): VerifiedWebhook<Payload> {
  return finished(readWebhook<Payload>(options));
}

/**
 * Checks the hex HMAC-SHA256 of the body in the header `X-Hook0-Signature`, or in the `signatureHeader` of the endpoint.
 * Prefer `verifyWebhook`: this signature does not cover the time, so an attacker can send a captured webhook again.
 *
 * @throws WebhookVerificationError when the webhook is not authentic, and Hook0Error when an option is invalid
 */
export function verifyHexSignature<Payload = unknown>(
  options: HexOptions,
): Pick<VerifiedWebhook<Payload>, 'payload'> {
  return finished(readHexWebhook<Payload>(options));
}

function finished<Result>({ keys, signed, finish }: Received<Result>): Result {
  const digests = keys.map((key) => createHmac('sha256', key).update(signed).digest());
  return finish(digests, (one, other) => one.length === other.length && timingSafeEqual(one, other));
}
