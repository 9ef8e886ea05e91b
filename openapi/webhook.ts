import { defaultSignatureHeader } from '#core/outbound/header-rules.ts';
import { webhookHeaders } from '#core/signature/webhook-headers.ts';
import { examplePayload, ids, whenPosted } from './examples/records.ts';

const meanings: Readonly<Record<string, string>> = {
  'content-type': 'The body is JSON: the payload as it was posted, byte for byte.',
  'user-agent': 'Hook0 and its version.',
  'accept-encoding': 'Answers are read as they are.',
  'webhook-id': "The event's id; the same over all attempts: recognise repeats by it.",
  'webhook-timestamp': 'When this attempt was made, in seconds since the epoch.',
  'webhook-signature':
    'Standard Webhooks: v1, and the base64 HMAC-SHA256 of "{webhook-id}.{webhook-timestamp}.{body}"; one for each live secret, with a blank between.',
  [defaultSignatureHeader]:
    "The hex HMAC-SHA256 of the body. The name is the endpoint's security.signatureHeader.",
  'X-Hook0-Event-Type': "The event's type.",
  'X-Hook0-Event-Id': "The event's id.",
  'X-Hook0-Timestamp': 'When the event was accepted.',
  'X-Hook0-Delivery-Id': "The delivery's id.",
  'X-Hook0-Attempt': 'The number of this attempt, from 1.',
};

// OpenAPI leaves these to the media type.
const ofTheMediaType = ['content-type'];

/**
 * What a receiver gets, made from the headers that deliver really sends.
 *
 * @throws Error for a header that is sent and not described
 */
export function receivedWebhook(version: string): object {
  const body = JSON.stringify(examplePayload);
  const sent = webhookHeaders({
    ...{
      eventId: ids.event,
      eventType: 'order.created',
      deliveryId: ids.delivery,
      attemptNumber: 1,
      version,
    },
    eventTimestamp: new Date(whenPosted).toISOString(),
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
        throw new Error(`deliver sends ${name}, which openapi/webhook.ts does not describe`);
      return { name, in: 'header', required: true, description, schema: { type: 'string' }, example };
    });
  return {
    operationId: 'receiveWebhook',
    tags: ['deliveries'],
    summary: 'What an endpoint receives',
    description:
      "A POST to the endpoint's url for each event that it asked for, with the endpoint's own headers besides. Verify the signature before anything else, answer 2xx quickly, and expect to see an event more than once.",
    security: [],
    parameters,
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: { description: 'Any JSON: the payload.' }, example: examplePayload },
      },
    },
    responses: {
      '2XX': { description: 'Received: the delivery has succeeded.' },
      '410': { description: 'Gone: the endpoint is disabled, and nothing is sent to it any more.' },
      default: {
        description:
          'Anything else is a failure, and so is no answer. Redirects are not followed, but retried, as is what retryConfig.retryableStatuses names; Retry-After is honoured.',
      },
    },
  };
}
