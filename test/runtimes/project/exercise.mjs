// Runs on any runtime: sends an event, refuses a page that is not the API's, signs and verifies.
import { Hook0Client, UnexpectedAnswerError } from '@hook0/sdk';
import { sign } from '@hook0/sdk/testing';
import { verifyWebhook, WebhookVerificationError, webhookHandler } from '@hook0/sdk/webhooks/edge';

/** @returns what happened, as text */
export async function exercise(apiUrl) {
  const client = new Hook0Client({ apiUrl, apiToken: 'hk0_test', timeout: 10_000, retries: 0 });
  const sent = await client.sendEvent({ type: 'order.created', payload: { n: 1 } });
  const page = await client.endpoints.get('page').catch((error) => error);
  const moved = await client.endpoints.get('moved').catch((error) => error);
  const secret = 'webhook-secret-key';
  const { headers, body } = await sign({ secret, payload: { n: 2 } });
  const { payload } = await verifyWebhook({ headers, body, secret });
  const forgery = await verifyWebhook({ headers, body: '{}', secret }).catch((error) => error);
  const post = webhookHandler({ secret }, () => undefined);
  const request = (text) => new Request('https://a.example.com/', { method: 'POST', headers, body: text });
  return JSON.stringify({
    eventId: sent.eventId,
    page: page instanceof UnexpectedAnswerError,
    moved: moved instanceof UnexpectedAnswerError && moved.httpStatus === 302,
    payload,
    forgery: forgery instanceof WebhookVerificationError && forgery.code,
    answers: [(await post(request(body))).status, (await post(request('{}'))).status],
  });
}
