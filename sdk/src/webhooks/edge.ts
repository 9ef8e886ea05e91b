import type { WebRequest, WebResponse } from '../runtime-types.ts';
import { equalBytes } from './bytes.ts';
import { WebhookVerificationError } from './error.ts';
import {
  type HexOptions,
  type Received,
  readHexWebhook,
  readWebhook,
  type VerifiedWebhook,
  type VerifyOptions,
} from './received.ts';
import { hmac } from './web-hmac.ts';

export { type VerificationCode, WebhookVerificationError } from './error.ts';
export type { SignedHeaders } from './headers.ts';
export type { HexOptions, VerifiedWebhook, VerifyOptions } from './received.ts';

/**
 * As `verifyWebhook` of `@hook0/sdk/webhooks`, on Web Crypto. Await it: only the resolved value proves anything.
 *
 * @throws WebhookVerificationError when the webhook is not authentic, and Hook0Error when an option is invalid
 */
export async function verifyWebhook<Payload = unknown>(
  options: VerifyOptions,
): Promise<VerifiedWebhook<Payload>> {
  return finished(readWebhook<Payload>(options));
}

/**
 * As `verifyHexSignature` of `@hook0/sdk/webhooks`, on Web Crypto.
 *
 * @throws WebhookVerificationError when the webhook is not authentic, and Hook0Error when an option is invalid
 */
export async function verifyHexSignature<Payload = unknown>(
  options: HexOptions,
): Promise<Pick<VerifiedWebhook<Payload>, 'payload'>> {
  return finished(readHexWebhook<Payload>(options));
}

export type HandlerOptions = Pick<VerifyOptions, 'secret' | 'tolerance'>;

/**
 * A handler of `Request` and `Response` for Next.js, Deno, Bun and Workers. It verifies the request, calls `handle`, and
 * answers what `handle` returns, or else 204. It answers 400 to a webhook that is not authentic.
 *
 * An error of `handle` is thrown on, so that the framework answers 500 and Hook0 sends the webhook again.
 */
export function webhookHandler<Payload = unknown>(
  options: HandlerOptions,
  handle: (webhook: VerifiedWebhook<Payload>, request: WebRequest) => unknown,
): (request: WebRequest) => Promise<WebResponse> {
  return async (request) => {
    const verified = await received<Payload>(options, request);
    if (verified instanceof WebhookVerificationError) return verified.getResponse();
    const answer = await handle(verified, request);
    return answer instanceof Response ? answer : new Response(null, { status: 204 });
  };
}

async function received<Payload>(
  options: HandlerOptions,
  request: WebRequest,
): Promise<VerifiedWebhook<Payload> | WebhookVerificationError> {
  try {
    const body = await request.arrayBuffer();
    return await verifyWebhook<Payload>({ ...options, headers: request.headers, body });
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error;
    throw error;
  }
}

async function finished<Result>({ keys, signed, finish }: Received<Result>): Promise<Result> {
  return finish(await Promise.all(keys.map((key) => hmac(key, signed))), equalBytes);
}
