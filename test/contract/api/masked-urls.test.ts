import { beforeAll, describe, expect, it } from 'vitest';
import { api, apiForAllTests } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';

const secret = 'XnPq7Hc2vRk9sLw3Zb5Yd8Mf';
const url = `https://hooks.example/services/T02/${secret}?token=abc`;
const shown = 'https://hooks.example/services/T02/****d8Mf?token=****';

apiForAllTests();

let id: string;
beforeAll(async () => {
  const made = await api.call('POST /api/endpoints', { body: { ...anEndpoint, url } });
  expect(made.body.url).toBe(url);
  id = made.body.id;
});

const portal = async (capabilities: readonly string[]): Promise<string> =>
  (await api.call('POST /api/applications/default/portal-tokens', { body: { capabilities } })).body.token;

describe('a secret in the URL of an endpoint', () => {
  it.each<[string, () => Promise<string>]>([
    ['the scope read', () => api.makeTokenFor('default', ['read'])],
    ['the capability endpoints:read', () => portal(['endpoints:read'])],
  ])('is not shown to a token with %s', async (_, make) => {
    const token = await make();

    expect((await api.call(`GET /api/endpoints/${id}`, { token })).body.url).toBe(shown);
    const list = await api.call('GET /api/endpoints', { token });
    expect(list.body.data[0].url).toBe(shown);
    expect(list.text).not.toContain(secret);
  });

  it.each<[string, () => Promise<string>]>([
    ['the scope manage', () => api.makeTokenFor('default', ['manage'])],
    ['the capability endpoints:write', () => portal(['endpoints:read', 'endpoints:write'])],
    ['the capability secrets:read', () => portal(['endpoints:read', 'secrets:read'])],
  ])('is shown to a token with %s', async (_, make) => {
    const token = await make();

    expect((await api.call(`GET /api/endpoints/${id}`, { token })).body.url).toBe(url);
  });

  it('stays when the masked URL is sent back', async () => {
    const patched = await api.call(`PATCH /api/endpoints/${id}`, { body: { url: shown, name: 'New' } });

    expect(patched.body).toMatchObject({ name: 'New', url });
  });
});
