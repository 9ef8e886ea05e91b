import { readFileSync } from 'node:fs';
import { verifyWebhookSignature } from 'hook0-client';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { Receiver } from '#demo/receiver.ts';
import { Hook0Client } from '#sdk/src/client/client.ts';
import type { Endpoint } from '#sdk/src/client/types.ts';
import { verifyHexSignature, verifyWebhook } from '#sdk/src/webhooks/verify.ts';
import { runHook0 } from '#test/support/cli.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';

const local = stackOfFile();

/** An export whose first host is a receiver of ours, imported into an application of its own. */
async function imported(system: string, host: string) {
  const { stack } = local;
  const receiver = await testReceiver();
  const text = readFileSync(new URL(`../vectors/exports/${system}.json`, import.meta.url), 'utf8');
  const file = text.replaceAll(`https://${host}`, new URL(receiver.url).origin);
  const client = new Hook0Client({ apiUrl: stack.url, apiToken: stack.adminToken, application: system });
  await local.client.applications.create({ id: system, name: system });
  const run = async (...options: readonly string[]) => {
    const args = ['import', '--from', system, '--file', 'export.json', '--application', system, ...options];
    const env = { HOOK0_URL: stack.url, HOOK0_TOKEN: stack.adminToken };
    const { code, out, err } = await runHook0(args, { env, files: { 'export.json': file } });
    return { code, out: out + err };
  };
  const all = async (): Promise<Endpoint[]> => {
    const found: Endpoint[] = [];
    for await (const endpoint of client.endpoints.all()) found.push(endpoint);
    return found;
  };
  return { receiver, client, run, all };
}

async function received(receiver: Receiver) {
  const [request] = await receiver.until((requests) => requests.length > 0);
  if (request === undefined) throw new Error('nothing was received');
  return request;
}

describe('an import', () => {
  it('from Svix delivers to receivers that change nothing, and is not done twice', async () => {
    const { receiver, client, run, all } = await imported('svix', 'orders.example.com');
    const trial = await run('--dry-run');
    expect(trial).toEqual({
      code: 0,
      out: expect.stringMatching(/would be created.*; nothing was changed\n$/s),
    });
    expect(await all()).toEqual([]);
    const first = await run();
    expect(first.out).toContain('created ep_');
    expect(first.code).toBe(0);
    const endpoints = await all();
    expect(endpoints.map(({ name, status }) => [name, status]).sort()).toEqual([
      ['CRM', 'disabled'],
      ['Order Processing', 'active'],
      ['audit.example.com', 'disabled'],
    ]);
    expect((await run()).out).not.toContain('created ');
    expect(await all()).toEqual(endpoints);

    // Without the channel as a tag, the event matches no endpoint.
    await client.sendEvent({ type: 'order.created', payload: { n: 0 } });
    await client.sendEvent({ type: 'order.created', payload: { n: 1 }, options: { tags: ['project_1'] } });
    const { headers, body } = await received(receiver);
    const signed = {
      'webhook-id': String(headers['webhook-id']),
      'webhook-timestamp': String(headers['webhook-timestamp']),
      'webhook-signature': String(headers['webhook-signature']),
    };
    expect(new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw').verify(body.toString(), signed)).toEqual({
      n: 1,
    });
    expect(verifyWebhook({ headers, body, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }).id).toMatch(
      /^evt_/,
    );
    expect(headers['x-tenant']).toBe('acme');
  });

  it('from Convoy signs as its receivers check, and filters as its subscriptions did', async () => {
    const { receiver, client, run } = await imported('convoy', 'billing.example.com');
    const { code, out } = await run();
    expect({ code, failed: out.includes('failed') }).toEqual({ code: 0, failed: false });
    const payload = (total: number) => ({ invoice: { total, currency: 'EUR' }, customer: { country: 'DE' } });
    await client.sendEvent({ type: 'invoice.paid', payload: payload(99) });
    await client.sendEvent({ type: 'invoice.paid', payload: payload(100) });
    const { headers, body } = await received(receiver);
    expect(JSON.parse(body.toString())).toEqual(payload(100));
    const signatureHeader = 'X-Billing-Signature';
    expect(() =>
      verifyHexSignature({ headers, body, secret: 'the-convoy-secret', signatureHeader }),
    ).not.toThrow();
    expect(headers['x-api-key']).toBe('customers-own-key');
  });

  it('from the original Hook0 delivers what its own client verifies', async () => {
    const { receiver, client, run } = await imported('hook0', 'customer-42.example.com');
    const { code, out } = await run();
    expect({ code, failed: out.includes('failed') }).toEqual({ code: 0, failed: false });
    const tags = ['customer:42', 'region:eu'];
    await client.sendEvent({ type: 'order.invoice.paid', payloadJson: '{"n": 1.0}', options: { tags } });
    const { headers, body } = await received(receiver);
    const known = new Headers(
      Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const signature = String(headers['x-hook0-signature']);
    expect(verifyWebhookSignature(signature, body, known, '0f8e9d1c-7a6b-4c5d-8e9f-a0b1c2d3e4f5', 300)).toBe(
      true,
    );
    expect(body.toString()).toBe('{"n": 1.0}');
  });
});
