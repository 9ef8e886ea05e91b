import { beforeEach, describe, expect, it } from 'vitest';
import { capabilities } from '#core/token/capability.ts';
import { api, apiForEachTest } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';

let now: number;

beforeEach(() => {
  now = Date.now();
});
apiForEachTest({ now: () => now });
beforeEach(async () => {
  await api.call('POST /api/applications', { body: { id: 'acme', name: 'Acme' } });
});

const hour = 60 * 60 * 1_000;
const patch = (id: string, body: object, token = api.operator) =>
  api.call(`PATCH /api/tokens/${id}`, { body, token });

describe('a portal token', () => {
  const portal = (body: unknown, token = api.operator, application = 'acme') =>
    api.call(`POST /api/applications/${application}/portal-tokens`, { body, token });

  it('is created by an operator or an admin, for an hour and with the default capabilities', async () => {
    const admin = await api.makeTokenFor('acme', ['admin']);
    for (const token of [api.operator, admin]) {
      expect(await portal({}, token)).toMatchObject({
        status: 201,
        body: {
          applicationId: 'acme',
          kind: 'portal',
          capabilities: ['endpoints:read', 'endpoints:write', 'deliveries:read', 'deliveries:retry'],
          expiresAt: new Date(now + hour).toISOString(),
          token: expect.stringMatching(/^hk0_/),
        },
      });
    }
    expect((await api.call('POST /api/applications/acme/portal-tokens')).status).toBe(201);
    expect((await portal({}, admin, 'default')).status).toBe(404);
    expect((await portal({}, api.operator, 'nobody')).status).toBe(404);
    for (const scope of ['manage', 'read', 'ingest'] as const) {
      expect((await portal({}, await api.makeTokenFor('acme', [scope]))).status).toBe(403);
    }
  });

  it('manages the endpoints of its application only', async () => {
    const { token } = (await portal({})).body;
    const made = await api.call('POST /api/endpoints', { token, body: anEndpoint });
    expect(made).toMatchObject({ status: 201, body: { applicationId: 'acme' } });
    expect((await api.call(`POST /api/endpoints/${made.body.id}/pause`, { token })).status).toBe(200);
    const headers = { 'X-Hook0-Application': 'default' };
    expect((await api.call('GET /api/endpoints', { token, headers })).status).toBe(404);
    const foreign = await api.call('POST /api/endpoints', { body: anEndpoint });
    expect((await api.call(`GET /api/endpoints/${foreign.body.id}`, { token })).status).toBe(404);
  });

  it('reads a signing secret only with secrets:read', async () => {
    const headers = { 'X-Hook0-Application': 'acme' };
    const { id } = (await api.call('POST /api/endpoints', { headers, body: anEndpoint })).body;
    const read = async (body: object) =>
      api.call(`GET /api/endpoints/${id}/secret`, { token: (await portal(body)).body.token });
    expect(await read({})).toMatchObject({ status: 403, body: { code: 'capability_missing' } });
    expect((await read({ capabilities: ['secrets:read'] })).status).toBe(200);
  });

  describe('that may not read secrets', () => {
    const url = 'https://receiver.example.com/in';
    const stored = { authorization: 'Bearer a-long-credential-1234', 'x-api-key': 'k1', 'x-app': 'shown' };

    async function change(body: object, rest: { token?: string; capabilities?: string[] } = {}) {
      const headers = { 'X-Hook0-Application': 'acme' };
      const made = await api.call('POST /api/endpoints', {
        ...{ headers, body: { ...anEndpoint, url, headers: stored } },
      });
      const { capabilities: granted } = rest;
      const token = rest.token ?? (await portal(granted ? { capabilities: granted } : {})).body.token;
      const answer = await api.call(`PATCH /api/endpoints/${made.body.id}`, { token, body });
      const endpoint = (await api.stores.endpoints.get('acme', made.body.id))?.endpoint;
      return { ...answer, endpoint };
    }

    it.each([
      'https://thief.example.com/in',
      'https://receiver.example.com:8443/in',
      `${url}/other`,
      `${url}?customer=thief`,
      'https://receiver.example.com/in/../thief',
    ])('does not send the stored credentials to another URL: %s', async (elsewhere) => {
      for (const body of [
        { url: elsewhere },
        { url: elsewhere, headers: { Authorization: '****1234', 'X-App': 'new' } },
        { url: elsewhere, headers: { Authorization: null, 'X-App': null } },
      ]) {
        const { status, body: problem, endpoint } = await change(body);
        expect(problem).toMatchObject({
          code: 'credentials_required',
          field: 'url',
          detail: expect.stringContaining('x-api-key'),
          accepted: 'each of these headers with its value, or with null, in the same request',
        });
        expect(status).toBe(409);
        expect(JSON.stringify(problem)).not.toMatch(/credential-1234|k1/);
        expect(endpoint).toMatchObject({ url, headers: stored });
      }
    });

    it.each([
      { url: 'HTTPS://receiver.EXAMPLE.com:443/out/../in' },
      { url: `${url}/other`, headers: { Authorization: 'Bearer mine', 'X-Api-Key': null } },
      { url: 'https://own.example.com', headers: { Authorization: 'Bearer mine', 'X-Api-Key': null } },
      { url: 'https://own.example.com', headers: null },
      { name: 'renamed' },
    ])('changes everything else: %j', async (body) => {
      expect((await change(body)).status).toBe(200);
    });

    it('sets the signing secret of a new endpoint, and cannot change it', async () => {
      const { token } = (await portal({})).body;
      const of = (secret: string) => ({ security: { secret } });
      const made = await api.call('POST /api/endpoints', {
        ...{ token, body: { ...anEndpoint, ...of('a-secret-of-some-length-1') } },
      });
      expect(made.status).toBe(201);
      const patched = (security: object, by = token) =>
        api.call(`PATCH /api/endpoints/${made.body.id}`, { token: by, body: { security } });
      expect(await patched({ secret: 'a-secret-of-some-length-2' })).toMatchObject({
        status: 403,
        body: {
          code: 'capability_missing',
          field: 'security.secret',
          detail: expect.stringMatching(
            /^security\.secret needs the capability secrets:read; the portal token has/,
          ),
        },
      });
      const stored = await api.stores.endpoints.get('acme', made.body.id);
      expect(stored?.endpoint.secrets.map(({ value }) => value)).toEqual(['a-secret-of-some-length-1']);
      expect((await patched({ signatureHeader: 'X-Mine' })).status).toBe(200);
      const capabilities = ['endpoints:write', 'secrets:read'];
      const reader = (await portal({ capabilities })).body.token;
      expect((await patched({ secret: 'a-secret-of-some-length-2' }, reader)).status).toBe(200);
    });

    it('with another host gets a new signing secret, unless the token may read the old one', async () => {
      const { token } = (await portal({})).body;
      const secret = 'a-secret-of-some-length-1';
      const made = await api.call('POST /api/endpoints', {
        ...{ token, body: { ...anEndpoint, security: { secret } } },
      });
      const moved = async (url: string, by = token) => {
        const { status } = await api.call(`PATCH /api/endpoints/${made.body.id}`, {
          token: by,
          body: { url },
        });
        expect(status).toBe(200);
        const stored = await api.stores.endpoints.get('acme', made.body.id);
        return stored?.endpoint.secrets.map(({ value }) => value) ?? [];
      };
      const origin = new URL(anEndpoint.url).origin;
      expect(await moved(`${origin}/other?path=1`)).toEqual([secret]);
      const [rotated = '', ...others] = await moved('https://own.example.com/');
      expect(rotated).toMatch(/^whsec_/);
      expect(others).toEqual([]);
      const capabilities = ['endpoints:write', 'secrets:read'];
      const reader = (await portal({ capabilities })).body.token;
      expect(await moved('https://third.example.com/', reader)).toEqual([rotated]);
    });

    it('is refused, but a token with secrets:read is not', async () => {
      const body = { url: 'https://own.example.com' };
      const capabilities = ['endpoints:write', 'secrets:read'];
      for (const by of [{ capabilities }, { token: await api.makeTokenFor('acme', ['manage']) }])
        expect((await change(body, by)).endpoint).toMatchObject({ ...body, headers: stored });
    });
  });

  it.each([
    'GET /api/tokens',
    'POST /api/tokens',
    'POST /api/applications/acme/portal-tokens',
    'GET /api/applications/acme',
    'PATCH /api/applications/acme',
    'POST /api/applications',
    'DELETE /api/applications/acme',
  ])('cannot %s, even with every capability', async (request) => {
    const { token } = (await portal({ capabilities })).body;
    const body = request.startsWith('GET') || request.startsWith('DELETE') ? {} : { body: {} };
    expect(await api.call(request, { token, ...body })).toMatchObject({
      status: 403,
      body: {
        code: 'capability_missing',
        detail: expect.stringContaining('portal tokens cannot use this path'),
      },
    });
  });

  it('expires, is listed and revoked like any token, and cannot be changed', async () => {
    const { id, token } = (await portal({ expiresIn: 60_000, name: 'page' })).body;
    const { body } = await api.call('GET /api/tokens?applicationId=acme');
    expect(body.data).toMatchObject([{ id, name: 'page', kind: 'portal' }]);
    expect(await patch(`${id}?applicationId=acme`, { expiresAt: null })).toMatchObject({
      status: 409,
      body: { code: 'wrong_state' },
    });
    expect((await api.call('GET /api/endpoints', { token })).status).toBe(200);
    now += 60_000;
    expect((await api.call('GET /api/endpoints', { token })).status).toBe(401);
    const other = (await portal({})).body;
    expect((await api.call(`DELETE /api/tokens/${other.id}?applicationId=acme`)).status).toBe(204);
    expect((await api.call('GET /api/endpoints', { token: other.token })).status).toBe(401);
  });

  it.each([
    [{ expiresIn: 59_999 }, 'expiresIn'],
    [{ expiresIn: 24 * hour + 1 }, 'expiresIn'],
    [{ capabilities: [] }, 'capabilities'],
    [{ capabilities: ['tokens:write'] }, 'capabilities[0]'],
    [{ scopes: ['admin'] }, 'scopes'],
    [{ name: '' }, 'name'],
  ])('is refused with the field: %j', async (body, field) => {
    expect(await portal(body)).toMatchObject({ status: 400, body: { code: 'validation_failed', field } });
  });
});
