import { hopHeader, stampOf } from '#core/hop/hop.ts';
import { defaultSignatureHeader } from '#core/outbound/header-rules.ts';
import { testHeader, webhookHeaders } from '#core/signature/webhook-headers.ts';
import { iso } from '#core/validation/instant.ts';
import { examplePayload, ids, whenPosted } from './examples/records.ts';

const meanings: Readonly<Record<string, string>> = {
  'content-type': 'The body is the payload, byte for byte as it was posted.',
  'user-agent': 'Hook0 and its version.',
  'accept-encoding': 'Answers must not be compressed.',
  'webhook-id': 'The id of the event. It is the same in all attempts; use it to detect duplicates.',
  'webhook-timestamp': 'The time of this attempt, in seconds since the epoch.',
  'webhook-signature':
    'Standard Webhooks: v1, and the base64 HMAC-SHA256 of "{webhook-id}.{webhook-timestamp}.{body}". One signature for each live secret, separated by blanks.',
  [defaultSignatureHeader]:
    "The hex HMAC-SHA256 of the body. The endpoint's security.signatureHeader sets the name of this header.",
  'X-Hook0-Event-Type': 'The type of the event.',
  'X-Hook0-Event-Id': 'The id of the event.',
  'X-Hook0-Timestamp': 'When the event was accepted.',
  'X-Hook0-Delivery-Id': 'The id of the delivery.',
  'X-Hook0-Attempt': 'The number of this attempt; starts at 1.',
  [hopHeader]:
    'How many webhooks led to this one, itself included, and the deployment that sent it. If you call this API while you handle a webhook, pass the header on, so that a loop ends.',
};

const testHeaderSchema = {
  description: 'true if this is a test of the endpoint, which no event led to. Absent otherwise.',
  schema: { type: 'string', const: 'true' },
} as const;

// OpenAPI describes these by the media type.
const ofTheMediaType = ['content-type'];

/**
 * The request that a receiver gets, made from the headers that the deliver function sends.
 *
 * @throws Error for a header that is sent but not described
 */
export function receivedWebhook(version: string): object {
  const body = JSON.stringify(examplePayload);
  const sent = webhookHeaders({
    eventId: ids.event,
    eventType: 'order.created',
    deliveryId: ids.delivery,
    attemptNumber: 1,
    version,
    hopStamp: stampOf(0, 'Hook0'),
    eventTimestamp: iso(whenPosted),
    nowSeconds: whenPosted / 1_000,
    secrets: ['whsec_ZXhhbXBsZS1zZWNyZXQtb2YtMjQtYnl0ZXM='],
    signatureHeader: defaultSignatureHeader,
    endpointHeaders: {},
    body: Buffer.from(body),
  });
  const parameters = Object.entries(sent)
    .filter(([name]) => !ofTheMediaType.includes(name))
    .map(([name, example]) => {
      const description = meanings[name];
      if (description === undefined)
        throw new Error(`the deliver function sends ${name}; describe it in openapi/webhook.ts`);
      return { name, in: 'header', required: true, description, schema: { type: 'string' }, example };
    });
  const ofTests = { name: testHeader, in: 'header', required: false, ...testHeaderSchema };
  return {
    operationId: 'receiveWebhook',
    tags: ['deliveries'],
    summary: 'The request that an endpoint receives',
    description:
      "A POST to the endpoint's url for each event that it subscribes to. It also has the endpoint's headers. Verify the signature first, answer 2xx quickly, and expect that an event can arrive more than once.",
    security: [],
    parameters: [...parameters, ofTests],
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: { description: 'Any JSON: the payload.' }, example: examplePayload },
      },
    },
    responses: {
      '2XX': { description: 'Received. The delivery has succeeded.' },
      '410': { description: 'Gone. The endpoint is disabled and receives nothing more.' },
      default: {
        description:
          'Every other status is a failure, and so is no answer. Redirects are not followed. They are retried, like the statuses in retryConfig.retryableStatuses. Retry-After is respected.',
      },
    },
  };
}
