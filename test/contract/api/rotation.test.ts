import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { newDelivery } from '#core/delivery/delivery.ts';
import type { DeliverPorts, OutgoingRequest } from '#lambdas/deliver/ports.ts';
import { sendSigned } from '#lambdas/deliver/request.ts';
import { api, apiForEachTest } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';

const hour = 60 * 60 * 1_000;
let now: number;
let id: string;

beforeEach(() => {
  now = Date.now();
});
apiForEachTest({ now: () => now });
beforeEach(async () => {
  id = (await api.call('POST /api/endpoints', { body: anEndpoint })).body.id;
});

const rotate = (body?: object) => api.call(`POST /api/endpoints/${id}/rotate-secret`, body && { body });
const secret = async (): Promise<string> => (await api.call(`GET /api/endpoints/${id}/secret`)).body.secret;
const stored = async () => (await api.stores.endpoints.get('default', id))?.endpoint.secrets ?? [];

/** The request that a receiver gets for an attempt now. */
async function received(): Promise<OutgoingRequest> {
  const record = await createEndpointReader(api.config, api.vault).load(id, { consistent: true });
  if (record === undefined) throw new Error('the endpoint is gone');
  const sent: OutgoingRequest[] = [];
  const send = async (request: OutgoingRequest) => {
    sent.push(request);
    return { kind: 'failed', errorClass: 'timeout', error: '', duration: 1 } as const;
  };
  const of = {
    applicationId: 'default',
    endpointId: id,
    eventId: 'evt_01jd8k2q3v5x7z9b1c3d5f7g9h',
    priority: 'normal',
  };
  const content = { type: 'order.created', timestamp: now, payload: Buffer.from('{"a":1.0}') };
  const ports = { now: () => now, send, version: '1' } as unknown as DeliverPorts;
  await sendSigned(newDelivery(of as never, now), record.endpoint, content, ports, {
    signal: new AbortController().signal,
    onSent: () => undefined,
  });
  return sent[0] as OutgoingRequest;
}

function verifies(key: string, { headers, body }: OutgoingRequest): boolean {
  const seconds = Number(headers['webhook-timestamp']);
  // The package refuses old timestamps by its own clock, so that only the signature is checked here.
  const { 'webhook-id': messageId = '', 'webhook-signature': signatures = '' } = headers;
  const hook = key.startsWith('whsec_') ? new Webhook(key) : new Webhook(key, { format: 'raw' });
  const expected = hook.sign(messageId, new Date(seconds * 1_000), Buffer.from(body).toString());
  return signatures.split(' ').includes(expected);
}

describe('POST /api/endpoints/{id}/rotate-secret', () => {
  it('lets receivers that know the old or the new secret verify until the overlap ends', async () => {
    const old = await secret();
    expect((await rotate({ overlap: hour })).status).toBe(200);
    const young = await secret();
    expect(young).not.toBe(old);

    const during = await received();
    expect(verifies(old, during) && verifies(young, during)).toBe(true);
    now += hour - 1;
    expect(verifies(old, await received())).toBe(true);
    now += 1;
    const after = await received();
    expect(verifies(young, after)).toBe(true);
    expect(verifies(old, after)).toBe(false);
  });

  it('signs with the newest first, and the hex header with it alone', async () => {
    await rotate({ secret: 'a secret of mine'.replaceAll(' ', '-'), overlap: hour });
    const { headers } = await received();

    const [first, second, ...others] = (headers['webhook-signature'] ?? '').split(' ');
    expect(others).toEqual([]);
    expect(second).toMatch(/^v1,/);
    const alone = new Webhook('a-secret-of-mine', { format: 'raw' });
    const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
    expect(first).toBe(alone.sign(headers['webhook-id'] ?? '', at, '{"a":1.0}'));
  });

  it('answers the times of the secrets without their values', async () => {
    const old = await secret();
    const made = now;
    now += 5_000;
    const { text, body } = await rotate();

    expect(body).toEqual({
      createdAt: new Date(now).toISOString(),
      previous: [
        { createdAt: new Date(made).toISOString(), expiresAt: new Date(now + 24 * hour).toISOString() },
      ],
    });
    for (const value of [old, await secret()]) expect(text).not.toContain(value);
    const read = await api.call(`GET /api/endpoints/${id}/secret`);
    expect(read.body).toEqual({ secret: await secret(), ...body });
    expect(read.text).not.toContain(old);
  });

  it('ends the previous secrets at once with an overlap of 0', async () => {
    const old = await secret();
    await rotate({ overlap: 0 });

    expect(verifies(old, await received())).toBe(false);
    expect(await stored()).toHaveLength(1);
  });

  it('never extends the end of a secret', async () => {
    await rotate({ overlap: hour });
    await rotate({ overlap: 3 * hour });

    expect((await stored()).map(({ expiresAt }) => expiresAt)).toEqual([
      undefined,
      now + 3 * hour,
      now + hour,
    ]);
  });

  it('makes a previous secret the current one again', async () => {
    const old = await secret();
    await rotate({ overlap: hour });
    await rotate({ secret: old, overlap: hour });

    expect(await secret()).toBe(old);
    now += 2 * hour;
    expect(verifies(old, await received())).toBe(true);
  });

  it('allows ten secrets and refuses an eleventh', async () => {
    for (let count = 2; count <= 10; count += 1) expect((await rotate()).status).toBe(200);
    const { body } = await rotate();

    expect(body).toMatchObject({ status: 409, code: 'too_many_secrets' });
    expect(body.detail).toContain(new Date(now + 24 * hour).toISOString());
    expect((await received()).headers['webhook-signature']?.split(' ')).toHaveLength(10);
    now += 24 * hour;
    expect((await rotate()).status).toBe(200);
    expect(await stored()).toHaveLength(2);
  });

  it('removes ended secrets with the next change', async () => {
    await rotate({ overlap: hour });
    now += hour;
    expect(await stored()).toHaveLength(2);
    await api.call(`PATCH /api/endpoints/${id}`, { body: { name: 'Renamed' } });
    expect(await stored()).toHaveLength(1);
  });

  it.each([
    [{ overlap: -1 }, 'overlap'],
    [{ overlap: 7 * 24 * hour + 1 }, 'overlap'],
    [{ overlap: '1 day' }, 'overlap'],
    [{ secret: 'short' }, 'secret'],
    [{ secret: 'whsec_notbase64!' }, 'secret'],
    [{ expires: 1 }, 'expires'],
  ])('refuses %j', async (body, field) => {
    const answer = await rotate(body);
    expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed', field });
    if ('secret' in body) expect(answer.text).not.toContain(body.secret);
  });

  it.each([
    ['a number', { secret: 20261125202611 }, 'secret'],
    ['the body itself', '20261125202611', ''],
    ['the body itself, without quotes', 20261125202611, ''],
  ])('does not repeat a secret that is %s', async (_, body, field) => {
    const answer = await api.call(`POST /api/endpoints/${id}/rotate-secret`, { body });
    expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed', field });
    expect(answer.text).not.toContain('20261125202611');
  });

  it('refuses the current secret', async () => {
    const current = await secret();
    const answer = await rotate({ secret: current });
    expect(answer.body).toMatchObject({ status: 400, field: 'secret' });
    expect(answer.text).not.toContain(current);
  });

  it('needs the scope manage and an endpoint of the application', async () => {
    const reader = await api.makeTokenFor('default', ['read']);
    const path = `POST /api/endpoints/${id}/rotate-secret`;
    expect((await api.call(path, { token: reader })).status).toBe(403);
    await api.call('POST /api/applications', { body: { id: 'acme', name: 'Acme' } });
    const stranger = await api.makeTokenFor('acme', ['manage']);
    expect((await api.call(path, { token: stranger })).status).toBe(404);
  });
});
