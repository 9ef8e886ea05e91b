import type { SendRequest, SendResult } from '#adapters/http-client/guarded-request.ts';
import type { RequestResult } from '#core/attempt/outcome.ts';
import { maskHeaders } from '#core/outbound/header-mask.ts';
import { parseRetryAfter } from '#core/outbound/retry-after.ts';
import type { OutgoingRequest } from './ports.ts';

/** Sends by the guarded sender and returns what a delivery records of the answer. */
export async function sendRequest(
  sender: { send(request: SendRequest): Promise<SendResult> },
  request: OutgoingRequest,
  now: () => number,
): Promise<RequestResult> {
  const { url, headers, body, timeout, signal, onSent } = request;
  return toResult(await sender.send({ url, headers, body, deadlineMs: timeout, signal, onSent }), now());
}

function toResult(result: SendResult, now: number): RequestResult {
  const duration = result.durationMs;
  if (result.kind === 'failed') {
    return { kind: 'failed', errorClass: result.errorClass, error: result.message, duration };
  }
  return {
    kind: 'answered',
    statusCode: result.statusCode,
    // A receiver's cookies and tokens are secrets as well.
    responseHeaders: maskHeaders(result.headers),
    responseBody: result.body,
    duration,
    retryAfter: parseRetryAfter(result.headers['retry-after'], now),
  };
}
