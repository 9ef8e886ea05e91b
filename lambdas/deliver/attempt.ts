import { maskAnswer } from '#core/attempt/answer-mask.ts';
import type { RequestResult } from '#core/attempt/outcome.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { Endpoint } from '#core/endpoint/endpoint.ts';
import { liveSecrets } from '#core/endpoint/live-secrets.ts';
import { unpack } from '#core/event/compression.ts';
import { deliveryId } from '#core/id/ids.ts';
import { openPayload } from '#core/message/codec.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import { webhookHeaders } from '#core/signature/webhook-headers.ts';
import type { DeliverPorts } from './ports.ts';

/** What is to be sent, wherever it came from. */
export interface Content {
  readonly type: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly payload: Uint8Array;
}

/** Takes the content from the message, or from the table when it was too large to travel with it. */
export async function contentOf(message: DeliveryMessage, ports: DeliverPorts): Promise<Content | undefined> {
  if (message.event) {
    const { type, timestamp, payload } = message.event;
    return { type, timestamp, payload: openPayload(payload) };
  }
  const { applicationId, eventId } = message;
  // A read at half the price may not see an event of a moment ago, and without one its delivery ends.
  const event =
    (await ports.event(applicationId, eventId, { consistent: false })) ??
    (await ports.event(applicationId, eventId, { consistent: true }));
  return event && { type: event.type, timestamp: event.timestamp, payload: unpack(event.payload) };
}

/** Signs and sends one request, until `signal` ends it. Never rejects for anything the receiver or the network does. */
export async function attempt(
  delivery: Delivery,
  endpoint: Endpoint,
  content: Content,
  ports: DeliverPorts,
  signal: AbortSignal,
): Promise<RequestResult> {
  const now = ports.now();
  const headers = webhookHeaders({
    eventId: delivery.eventId,
    eventType: content.type,
    eventTimestamp: new Date(content.timestamp).toISOString(),
    deliveryId: deliveryId(delivery.endpointId, delivery.eventId),
    attemptNumber: delivery.attemptCount + 1,
    nowSeconds: Math.floor(now / 1000),
    secrets: signingSecrets(endpoint, now),
    signatureHeader: endpoint.signatureHeader,
    signatureScheme: endpoint.signatureScheme,
    endpointHeaders: endpoint.headers,
    body: content.payload,
    version: ports.version,
  });
  const request = { url: endpoint.url, headers, body: content.payload, timeout: endpoint.timeout, signal };
  const secrets = endpoint.secrets.map(({ value }) => value);
  return maskAnswer(await ports.send(request), endpoint.headers, secrets);
}

/** Newest first: the hex signature has room for one, and that is the secret the tenant rotated to. */
function signingSecrets(endpoint: Endpoint, now: number): [string, ...string[]] {
  const [newest, ...older] = liveSecrets(endpoint.secrets, now).map(({ value }) => value);
  if (newest === undefined) throw new Error(`endpoint ${endpoint.id} has no live secret to sign with`);
  return [newest, ...older];
}
