import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { api, apiForAllTests } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';

let id: string;

apiForAllTests();
beforeEach(async () => {
  api.dataKeys.isUp = true;
  id = (await api.call('POST /api/endpoints', { body: anEndpoint })).body.id;
});
afterEach(() => {
  api.dataKeys.isUp = true;
});

const body = { name: 'Renamed' };

describe('while the key service is down', () => {
  it.each([
    ['GET', '', {}],
    ['PATCH', '', { body }],
    ['POST', '/pause', {}],
    ['GET', '/secret', {}],
    ['POST', '/rotate-secret', {}],
  ])('%s /api/endpoints/{id}%s says what is wrong, and changes nothing', async (method, path, options) => {
    const before = (await api.call(`GET /api/endpoints/${id}`)).body;
    api.dataKeys.isUp = false;
    const answer = await api.call(`${method} /api/endpoints/${id}${path}`, options);

    expect(answer).toMatchObject({ status: 503, body: { code: 'credentials_unreadable' } });
    expect(answer.body.detail).toMatch(
      /^the key service is down; try again; if it stays so, an operator finds/,
    );
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    api.dataKeys.isUp = true;
    expect((await api.call(`GET /api/endpoints/${id}`)).body).toEqual(before);
  });

  it('an endpoint can be created again when it is up', async () => {
    api.dataKeys.isUp = false;
    const refused = await api.call('POST /api/endpoints', { body: anEndpoint });

    expect(refused).toMatchObject({ status: 503, body: { code: 'credentials_unreadable' } });
    api.dataKeys.isUp = true;
    expect((await api.call('POST /api/endpoints', { body: anEndpoint })).status).toBe(201);
  });

  it.each([
    ['GET', '/deliveries'],
    ['GET', '/circuit'],
    ['GET', '/stats'],
    ['POST', '/circuit/reset'],
    ['DELETE', ''],
  ])('%s /api/endpoints/{id}%s works, because it needs no credentials', async (method, path) => {
    api.dataKeys.isUp = false;

    expect((await api.call(`${method} /api/endpoints/${id}${path}`)).status).toBeLessThan(300);
  });
});

it('an endpoint that deliver cannot read is not tested, and the answer says why', async () => {
  api.dataKeys.isUp = false;

  expect(await api.call(`POST /api/endpoints/${id}/test`)).toMatchObject({
    status: 503,
    body: { code: 'credentials_unreadable' },
  });
});
