export { Hook0Client } from './client.ts';
export { ApiError, type FieldError, Hook0Error, NoAnswerError } from './errors.ts';
export type { ClientOptions } from './transport.ts';
export type * from './types.ts';
export {
  type SignedHeaders,
  type VerifiedWebhook,
  type VerifyOptions,
  verifyHexSignature,
  verifyWebhook,
  WebhookVerificationError,
} from './verify.ts';
