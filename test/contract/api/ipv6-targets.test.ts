import { describe, expect, it } from 'vitest';
import { api, apiForEachTest, createEndpoint } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';

apiForEachTest();

const url = 'https://ipv6-only.example.com/webhooks';
const refusal = {
  status: 400,
  body: {
    code: 'validation_failed',
    field: 'url',
    errors: [
      {
        field: 'url',
        message: expect.stringContaining('received a name with IPv6 addresses only'),
        accepted: 'names with an IPv4 address, because this deployment sends over IPv4 only',
      },
    ],
  },
};

describe('a URL that only IPv6 reaches', () => {
  it('is refused when an endpoint is created, also by a dry run', async () => {
    for (const path of ['/api/endpoints', '/api/endpoints?dryRun=true'])
      expect(await api.call(`POST ${path}`, { body: { ...anEndpoint, url } })).toMatchObject(refusal);
    expect((await api.call('GET /api/endpoints')).body.data).toEqual([]);
  });

  it('is refused when an endpoint is changed, which then keeps its URL', async () => {
    const before = await createEndpoint();
    expect(await api.call(`PATCH /api/endpoints/${before.id}`, { body: { url } })).toMatchObject(refusal);
    expect((await api.call(`GET /api/endpoints/${before.id}`)).body).toEqual(before);
  });

  it('is refused as an address', async () => {
    const body = { ...anEndpoint, url: 'https://[2606:4700:4700::1111]/' };
    const { status, body: problem } = await api.call('POST /api/endpoints', { body });
    expect(status).toBe(400);
    expect(problem.detail).toContain('because this deployment sends over IPv4 only');
  });
});
