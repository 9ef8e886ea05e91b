import { Hook0Error } from '../errors.ts';
import type { WebResponse } from '../runtime-types.ts';

export type VerificationCode =
  | 'missing_header'
  | 'invalid_id'
  | 'invalid_timestamp'
  | 'wrong_signature'
  | 'too_old'
  | 'too_new'
  | 'invalid_json';

/**
 * The webhook is not authentic. `code` says why.
 *
 * Express, Fastify and Koa answer with `statusCode`, and Hono with `getResponse()`, when a handler throws this error.
 */
export class WebhookVerificationError extends Hook0Error {
  override readonly name = 'WebhookVerificationError';
  readonly code: VerificationCode;
  readonly statusCode = 400;

  constructor(code: VerificationCode, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.code = code;
  }

  /** The answer for the sender: 400 and the message. */
  getResponse(): WebResponse {
    return new Response(this.message, { status: this.statusCode });
  }
}
