import { describe, expect, it } from 'vitest';
import { sign } from '#sdk/src/testing/sign.ts';
import { webhookHandler } from '#sdk/src/webhooks/edge.ts';

const secret = 'webhook-secret-key';

async function requestOf(change: { readonly body?: string } = {}): Promise<Request> {
  const { headers, body } = await sign({ secret, payload: { total: 1 }, id: 'evt_1' });
  return new Request('https://a.example.com/webhooks', {
    method: 'POST',
    headers,
    body: change.body ?? String(body),
  });
}

describe('webhookHandler', () => {
  it('hands over what was verified, and answers 204', async () => {
    const handled: unknown[] = [];
    const handler = webhookHandler<{ total: number }>({ secret }, ({ id, payload }, request) => {
      handled.push(id, payload.total, request.method);
    });
    expect(await handler(await requestOf())).toMatchObject({ status: 204 });
    expect(handled).toEqual(['evt_1', 1, 'POST']);
  });

  it('answers what the receiver answers', async () => {
    const handler = webhookHandler({ secret }, async () => new Response('queued', { status: 202 }));
    expect(await handler(await requestOf())).toMatchObject({ status: 202 });
  });

  it('answers 400 to a forgery, which the receiver does not see', async () => {
    const handler = webhookHandler({ secret }, () => {
      throw new Error('it was called');
    });
    const answer = await handler(await requestOf({ body: '{"total":2}' }));
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('no signature in webhook-signature is valid');
  });

  it('throws errors of the receiver and wrong options on', async () => {
    const failing = webhookHandler({ secret }, () => {
      throw new Error('the database is down');
    });
    await expect(failing(await requestOf())).rejects.toThrow('the database is down');
    const wrong = webhookHandler({ secret: '' }, () => undefined);
    await expect(wrong(await requestOf())).rejects.toThrow('secret: received a secret of 0 characters');
  });
});
