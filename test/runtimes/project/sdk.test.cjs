// What Jest loads: CommonJS, in a realm of its own.
const { Hook0Client } = require('@hook0/sdk');
const { sign } = require('@hook0/sdk/testing');
const { verifyWebhook, WebhookVerificationError } = require('@hook0/sdk/webhooks');

const secret = 'webhook-secret-key';

test('sends an event', async () => {
  const client = new Hook0Client({ apiUrl: process.env.HOOK0_URL, apiToken: 'hk0_test' });
  expect(await client.sendEvent({ type: 'order.created', payload: { n: 1 } })).toMatchObject({
    eventId: 'evt_1',
  });
});

test('signs and verifies every form of bytes', async () => {
  const { headers, body } = await sign({ secret, payload: { n: 2 } });
  const bytes = new TextEncoder().encode(body);
  for (const form of [body, bytes, bytes.buffer, Buffer.from(body)]) {
    expect(verifyWebhook({ headers, body: form, secret }).payload).toEqual({ n: 2 });
  }
  expect(() => verifyWebhook({ headers, body: '{}', secret })).toThrow(WebhookVerificationError);
});
