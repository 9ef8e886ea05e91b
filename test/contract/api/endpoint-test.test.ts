import { beforeEach, describe, expect, it } from 'vitest';
import { applicationTestsKey } from '#adapters/dynamodb/table/config-keys.ts';
import { getItem } from '#adapters/dynamodb/table/config-table.ts';
import { itemVersion } from '#adapters/dynamodb/table/table.ts';
import { api, apiForEachTest } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';

let now: number;
let id: string;

beforeEach(() => {
  now = Date.now();
});
apiForEachTest({ now: () => now });
beforeEach(async () => {
  id = (await api.call('POST /api/endpoints', { body: anEndpoint })).body.id;
});

const test = (options: object = {}) => api.call(`POST /api/endpoints/${id}/test`, options);

describe('POST /api/endpoints/{id}/test', () => {
  it('sends a ping and answers with the attempt, under an id of no event', async () => {
    const { status, body } = await test();

    expect(status).toBe(200);
    expect(body).toEqual({
      success: true,
      eventId: expect.stringMatching(/^evt_test_[0-7][0-9a-z]{25}$/),
      eventType: 'hook0.ping',
      attempt: expect.objectContaining({ number: 1, success: true, statusCode: 204, duration: 12 }),
    });
    expect(api.tested).toEqual([
      {
        ...{ v: 1, kind: 'endpoint-test', applicationId: 'default', endpointId: id, timestamp: now },
        ...{ eventId: body.eventId, eventType: 'hook0.ping', hops: 0 },
        payload: '{"message":"A test by Hook0"}',
      },
    ]);
    expect((await api.call(`GET /api/events/${body.eventId}`)).status).toBe(404);
  });

  it('sends the type and the payload bytes of the request', async () => {
    await test({ text: '{"payload": {"b": 1.0, "a" : 12345678901234567890}, "type": "order.created"}' });

    expect(api.tested).toMatchObject([
      { eventType: 'order.created', payload: '{"b": 1.0, "a" : 12345678901234567890}' },
    ]);
  });

  it('allows one test every five seconds for an endpoint', async () => {
    const answers = await Promise.all([test(), test(), test()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).toMatchObject({ code: 'tested_recently' });
    expect(refused?.headers['retry-after']).toBe('5');

    now += 5_000;
    expect((await test()).status).toBe(200);
    expect(api.tested).toHaveLength(2);
  });

  it('allows five tests at once for an application, then one every two seconds', async () => {
    const make = () => api.call('POST /api/endpoints', { body: anEndpoint });
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await make()).body.id as string));
    const testAll = async () => {
      const answers = await Promise.all(ids.map((one) => api.call(`POST /api/endpoints/${one}/test`)));
      return answers.filter(({ status }) => status === 200).length;
    };
    expect(await testAll()).toBe(5);
    now += 6_000;
    expect(await testAll()).toBe(3);
    now += 60_000;
    expect(await testAll()).toBe(5);
    const noted = await getItem(api.config, applicationTestsKey('default'));
    expect(noted).toMatchObject({ v: itemVersion, next: now + 10_000 });

    await api.call('POST /api/applications', { body: { id: 'acme', name: 'Acme' } });
    const headers = { 'x-hook0-application': 'acme' };
    const other = (await api.call('POST /api/endpoints', { body: anEndpoint, headers })).body.id;
    expect((await api.call(`POST /api/endpoints/${other}/test`, { headers })).status).toBe(200);
  });

  it('changes nothing about the endpoint', async () => {
    const before = (await api.call(`GET /api/endpoints/${id}`)).body;
    await test();
    expect((await api.call(`GET /api/endpoints/${id}`)).body).toEqual(before);
    expect((await api.call(`POST /api/endpoints/${id}/pause`)).status).toBe(200);
  });

  it.each([
    ['[]', '', 400],
    ['{"type": "order created"}', 'type', 400],
    ['{"type": 3}', 'type', 400],
    ['{"event": 3}', 'event', 400],
    ['{"type": "a", "type": "b"}', 'type', 400],
    [`{"payload": "${'x'.repeat(256 * 1024)}"}`, 'payload', 413],
  ])('refuses %.40s', async (text, field, status) => {
    expect((await test({ text })).body).toMatchObject({ status, field });
    expect(api.tested).toEqual([]);
  });

  it('needs the scope manage and an endpoint of the application', async () => {
    const reader = await api.makeTokenFor('default', ['read']);
    expect((await test({ token: reader })).status).toBe(403);
    await api.call('POST /api/applications', { body: { id: 'acme', name: 'Acme' } });
    expect((await test({ token: await api.makeTokenFor('acme', ['manage']) })).status).toBe(404);
    expect(api.tested).toEqual([]);
  });

  it('with a payload needs the scope ingest, because anything would be signed', async () => {
    const { body: portal } = await api.call('POST /api/applications/default/portal-tokens', {
      body: { capabilities: ['endpoints:write', 'secrets:read'] },
    });
    const manager = await api.makeTokenFor('default', ['manage']);
    for (const token of [portal.token, manager]) {
      const refused = await test({ token, text: '{"payload":{"amount":1000000}}' });
      expect(refused).toMatchObject({ status: 403, body: { code: 'scope_missing', field: 'payload' } });
    }
    expect(api.tested).toEqual([]);
    expect((await test({ token: portal.token, text: '{"type":"order.created"}' })).status).toBe(200);
    now += 5_000;
    const producer = await api.makeTokenFor('default', ['manage', 'ingest']);
    expect((await test({ token: producer, text: '{"payload":1}' })).status).toBe(200);
    expect(api.tested.map(({ payload }) => payload)).toEqual(['{"message":"A test by Hook0"}', '1']);
  });
});
