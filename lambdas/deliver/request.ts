import { maskAnswer } from '#core/attempt/answer-mask.ts';
import type { RequestResult } from '#core/attempt/outcome.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { Endpoint } from '#core/endpoint/endpoint.ts';
import { liveSecrets } from '#core/endpoint/live-secrets.ts';
import { stampOf } from '#core/hop/hop.ts';
import { deliveryId } from '#core/id/ids.ts';
import { webhookHeaders } from '#core/signature/webhook-headers.ts';
import type { Content } from './content.ts';
import type { DeliverPorts, OutgoingRequest } from './ports.ts';

/** Signs and sends one request, until the signal ends it. Never rejects because of the receiver or the network. */
export async function sendSigned(
  delivery: Delivery,
  endpoint: Endpoint,
  content: Content,
  ports: DeliverPorts,
  { signal, onSent }: Pick<OutgoingRequest, 'signal' | 'onSent'>,
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
    // The event, or the retry, redrive, replay or recovery that made this generation, may have come by a webhook.
    hopStamp: stampOf(Math.max(content.hops ?? 0, delivery.hops ?? 0), ports.deployment),
    isTest: content.isTest,
  });
  const { url, timeout } = endpoint;
  const request = { url, headers, body: content.payload, timeout, signal, onSent };
  const secrets = endpoint.secrets.map(({ value }) => value);
  return maskAnswer(await ports.send(request), endpoint.headers, secrets);
}

/** Newest first, because the hex signature has room for one, and the application rotated to the newest. */
function signingSecrets(endpoint: Endpoint, now: number): [string, ...string[]] {
  const [newest, ...older] = liveSecrets(endpoint.secrets, now).map(({ value }) => value);
  if (newest === undefined) throw new Error(`endpoint ${endpoint.id} has no live secret to sign with`);
  return [newest, ...older];
}
