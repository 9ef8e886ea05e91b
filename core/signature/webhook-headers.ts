import { hopHeader } from '#core/hop/hop.ts';
import { uuidOf } from '#core/id/ids.ts';
import { isRefusedHeaderName } from '#core/outbound/header-rules.ts';
import { hook0V1Signature, type SignatureScheme } from './compat-v1.ts';
import { hexSignature, signAll } from './sign.ts';

export interface WebhookRequest {
  readonly eventId: string;
  readonly eventType: string;
  /** When the event happened, ISO 8601. */
  readonly eventTimestamp: string;
  readonly deliveryId: string;
  /** The number of this attempt, from 1. */
  readonly attemptNumber: number;
  /** The time of this attempt in seconds since the epoch; fractions are cut. */
  readonly nowSeconds: number;
  /** The live secrets, newest first, at least one. The endpoint's signature header uses the newest. */
  readonly secrets: readonly [string, ...string[]];
  readonly signatureHeader: string;
  /** @default standard */
  readonly signatureScheme?: SignatureScheme | undefined;
  readonly endpointHeaders: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The product's version, for the User-Agent header. */
  readonly version: string;
  /** How many webhooks led to this one, for the hop header; see `stampOf`. */
  readonly hopStamp: string;
  /** Whether it is a test, which no event led to. @default false */
  readonly isTest?: boolean | undefined;
}

/** On the request of a test only. The rules for endpoints' headers refuse the name. */
export const testHeader = 'X-Hook0-Test';

const contentType = 'application/json';

/**
 * The headers of a webhook, in the order in which they are sent. The endpoint's own headers come last and never replace
 * one of Hook0. Those that the header rules refuse are left out.
 */
export function webhookHeaders(request: WebhookRequest): Record<string, string> {
  const timestamp = Math.floor(request.nowSeconds);
  const ours: Record<string, string> = {
    'content-type': contentType,
    'user-agent': `Hook0/${request.version}`,
    'accept-encoding': 'identity',
    'webhook-id': request.eventId,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signAll(request.secrets, request.eventId, timestamp, request.body),
    ...(request.signatureScheme === 'hook0-v1'
      ? hook0V1(request, timestamp)
      : { [request.signatureHeader]: hexSignature(request.secrets[0], request.body) }),
    'X-Hook0-Event-Type': request.eventType,
    'X-Hook0-Event-Id': request.eventId,
    'X-Hook0-Timestamp': request.eventTimestamp,
    'X-Hook0-Delivery-Id': request.deliveryId,
    'X-Hook0-Attempt': String(request.attemptNumber),
    [hopHeader]: request.hopStamp,
    ...(request.isTest === true ? { [testHeader]: 'true' } : {}),
  };
  const taken = new Set(Object.keys(ours).map((name) => name.toLowerCase()));
  const theirs = Object.entries(request.endpointHeaders).filter(
    ([name]) => !taken.has(name.toLowerCase()) && !isRefusedHeaderName(name),
  );
  return Object.fromEntries([...Object.entries(ours), ...theirs]);
}

function hook0V1(request: WebhookRequest, timestamp: number): Record<string, string> {
  // A UUID, because receivers of the original may expect one.
  const added = { 'X-Event-Id': uuidOf(request.eventId), 'X-Event-Type': request.eventType };
  const signed = { 'content-type': contentType, ...added };
  const value = hook0V1Signature(request.secrets[0], timestamp, signed, request.body);
  return { [request.signatureHeader]: value, ...added };
}
