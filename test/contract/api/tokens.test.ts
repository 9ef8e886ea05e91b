import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { capabilities } from '#core/token/capability.ts';
import { hashToken } from '#core/token/token.ts';
import { anEndpoint, startApi, type TestApi } from '#test/support/api-function.ts';
import { startDatabase, type TestDatabase } from '#test/support/dynamodb.ts';

let database: TestDatabase;
let api: TestApi;
let now: number;

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());
beforeEach(async () => {
  now = Date.now();
  api = await startApi(database, { now: () => now });
  await api.call('POST /api/applications', { body: { id: 'acme', name: 'Acme' } });
});

const hour = 60 * 60 * 1_000;
const create = (body: object, token = api.operator) =>
  api.call('POST /api/tokens', { body: { name: 'ci', scopes: ['ingest'], ...body }, token });
const patch = (id: string, body: object, token = api.operator) =>
  api.call(`PATCH /api/tokens/${id}`, { body, token });

describe('a change of a token', () => {
  it('of name, rate limit and end holds in the item that authenticates and in the list', async () => {
    const expiresAt = new Date(now + 2 * hour).toISOString();
    const { id, token } = (await create({ rateLimit: { perSecond: 50 }, expiresAt })).body;
    const later = new Date(now + 5 * hour).toISOString();
    const changed = await patch(id, { name: 'new', rateLimit: { perSecond: 7 }, expiresAt: later });
    expect(changed).toMatchObject({
      status: 200,
      body: { id, name: 'new', rateLimit: { perSecond: 7 }, expiresAt: later, scopes: ['ingest'] },
    });
    expect((await api.call('GET /api/tokens')).body.data).toContainEqual(changed.body);
    expect(await api.stores.tokens.findByHash(hashToken(token))).toMatchObject({
      name: 'new',
      rateLimit: { perSecond: 7 },
      expiresAt: now + 5 * hour,
    });
    const open = await patch(id, { rateLimit: null, expiresAt: null });
    expect(open.body).not.toHaveProperty('rateLimit');
    now += 24 * hour;
    expect(await api.stores.tokens.findByHash(hashToken(token))).not.toHaveProperty('expiresAt');
    expect(open.body).toEqual((await api.call(`GET /api/tokens/${id}`)).body);
  });

  it('leaves what others change at the same time', async () => {
    const { id } = (await create({})).body;
    await Promise.all([patch(id, { name: 'new' }), patch(id, { rateLimit: { perSecond: 7 } })]);
    expect((await api.call(`GET /api/tokens/${id}`)).body).toMatchObject({
      name: 'new',
      rateLimit: { perSecond: 7 },
    });
  });

  it.each([
    [{ rateLimit: { perSecond: 0 } }, 'rateLimit.perSecond'],
    [{ rateLimit: { perSecond: 100_001 } }, 'rateLimit.perSecond'],
    [{ rateLimit: { perSecond: 1.5 } }, 'rateLimit.perSecond'],
    [{ rateLimit: { perMinute: 1 } }, 'rateLimit.perSecond'],
    [{ rateLimit: 5 }, 'rateLimit'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ expiresAt: '9999-12-31T23:59:59-12:00' }, 'expiresAt'],
    [{ name: '' }, 'name'],
  ])('is refused with the field, at its making too: %j', async (change, field) => {
    const { id } = (await create({})).body;
    const problem = { status: 400, body: { code: 'validation_failed', field } };
    expect(await patch(id, change)).toMatchObject(problem);
    expect(await create(change)).toMatchObject(problem);
  });

  it.each([{ scopes: ['admin'] }, { applicationId: '*' }, { token: 'x' }])(
    'gives it no more than it was made with: %j',
    async (change) => {
      const { id } = (await create({})).body;
      expect(await patch(id, change)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    },
  );
});

describe('an operator', () => {
  it('reaches any application’s token by naming the application, and is told how', async () => {
    const { id } = (await create({ applicationId: 'acme' })).body;
    for (const method of ['GET', 'DELETE']) {
      expect(await api.call(`${method} /api/tokens/${id}`)).toMatchObject({
        status: 404,
        body: { code: 'not_found', detail: expect.stringMatching(/default.*\?applicationId=/) },
      });
    }
    const path = `/api/tokens/${id}?applicationId=acme`;
    expect((await api.call(`GET ${path}`)).status).toBe(200);
    expect((await api.call(`PATCH ${path}`, { body: { name: 'x' } })).status).toBe(200);
    const token = await api.makeTokenFor('default', ['admin']);
    expect((await api.call(`DELETE ${path}`, { token })).status).toBe(404);
    expect((await api.call(`DELETE ${path}`)).status).toBe(204);
  });
});

describe('the use of a token', () => {
  const lastUsedAt = async (id: string) => {
    return (await api.call(`GET /api/tokens/${id}`)).body.lastUsedAt;
  };

  it('is shown to the hour, and noted once an hour', async () => {
    const { id, token } = (await create({ scopes: ['read'] })).body;
    expect(await lastUsedAt(id)).toBeUndefined();
    const first = now;
    const use = () => api.call('GET /api/endpoints', { token });
    await use();
    const written = api.uses.length;
    for (let minute = 0; minute < 59; minute += 1) {
      now += 60_000;
      await use();
    }
    expect(await lastUsedAt(id)).toBe(new Date(first).toISOString());
    expect(api.uses.length - written).toBeLessThanOrEqual(1);
    now = first + hour;
    await use();
    expect(await lastUsedAt(id)).toBe(new Date(now).toISOString());
    const { body } = await api.call('GET /api/tokens');
    const listed = body.data.find((one: { id: string }) => one.id === id);
    expect(listed.lastUsedAt).toBe(new Date(now).toISOString());
  });

  it('does not bring back one that is revoked meanwhile', async () => {
    const { id, token } = (await create({})).body;
    await api.call(`DELETE /api/tokens/${id}`);
    await api.stores.tokens.touch(hashToken(token), now);
    const Key = { pk: { S: `TOKEN#${hashToken(token)}` }, sk: { S: 'TOKEN' } };
    const { Item } = await database.client.send(new GetItemCommand({ TableName: api.config.tableName, Key }));
    expect(Item).toBeUndefined();
  });
});

describe('a portal token', () => {
  const portal = (body: unknown, token = api.operator, application = 'acme') =>
    api.call(`POST /api/applications/${application}/portal-tokens`, { body, token });

  it('is made for an hour, with what a portal needs, by an operator or the application’s admin', async () => {
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

  it('manages the endpoints of its application and nobody else’s', async () => {
    const { token } = (await portal({})).body;
    const made = await api.call('POST /api/endpoints', { token, body: anEndpoint });
    expect(made).toMatchObject({ status: 201, body: { applicationId: 'acme' } });
    expect((await api.call(`POST /api/endpoints/${made.body.id}/pause`, { token })).status).toBe(200);
    const headers = { 'X-Hook0-Application': 'default' };
    expect((await api.call('GET /api/endpoints', { token, headers })).status).toBe(404);
    const foreign = await api.call('POST /api/endpoints', { body: anEndpoint });
    expect((await api.call(`GET /api/endpoints/${foreign.body.id}`, { token })).status).toBe(404);
  });

  it('sees a signing secret with the capability for it alone', async () => {
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

    it('gives an endpoint its signing secret when it makes it, and never another', async () => {
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

    it('is held to it alone: who may read secrets knows what goes where', async () => {
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
  ])('with every capability still may not %s', async (request) => {
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

  it('ends when it says, is listed, revoked like any token, and not changed', async () => {
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
