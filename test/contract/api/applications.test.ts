import { beforeEach, describe, expect, it } from 'vitest';
import { api, apiForEachTest } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';

let now: number;

beforeEach(() => {
  now = Date.now();
});
apiForEachTest({ now: () => now });

describe('applications', () => {
  const create = (body: object) => api.call('POST /api/applications', { body });

  it('get the id in the request, or a generated one', async () => {
    expect(await create({ id: 'acme', name: 'Acme', metadata: { plan: 'gold' } })).toMatchObject({
      status: 201,
      headers: { location: '/api/applications/acme' },
      body: { id: 'acme', name: 'Acme', metadata: { plan: 'gold' } },
    });
    expect((await create({ name: 'Made' })).body.id).toMatch(/^app_[0-9a-f]{20}$/);
    expect((await api.call('GET /api/applications')).body.data).toHaveLength(3);
  });

  it('have unique ids', async () => {
    expect(await create({ id: 'default', name: 'Mine' })).toMatchObject({
      status: 409,
      body: { code: 'already_exists', field: 'id' },
    });
    expect((await api.call('GET /api/applications/default')).body.name).toBe('Default');
  });

  it.each([
    [{ id: 'A', name: 'x' }, 'id'],
    [{ id: '', name: 'x' }, 'id'],
    [{ id: '*', name: 'x' }, 'id'],
    [{ id: 'x'.repeat(65), name: 'x' }, 'id'],
    [{ id: 'x' }, 'name'],
    [{ name: 'x', plan: 1 }, 'plan'],
    [{ name: 'x', metadata: 5 }, 'metadata'],
  ])('are refused with the field: %j', async (body, field) => {
    expect(await create(body)).toMatchObject({ status: 400, body: { code: 'validation_failed', field } });
    expect((await api.call('GET /api/applications')).body.data).toHaveLength(1);
  });

  it('merge a patch', async () => {
    await create({ id: 'acme', name: 'Acme', metadata: { a: 1, b: 2 } });
    const { status, body } = await api.call('PATCH /api/applications/acme', {
      body: { metadata: { a: null, c: 3 } },
    });
    expect({ status, body }).toMatchObject({ status: 200, body: { name: 'Acme', metadata: { b: 2, c: 3 } } });
    expect(await api.call('PATCH /api/applications/acme', { body: { name: null } })).toMatchObject({
      status: 400,
      body: { field: 'name' },
    });
    expect(await api.call('PATCH /api/applications/nobody', { body: {} })).toMatchObject({ status: 404 });
  });

  it('are removed only when they have no endpoints', async () => {
    await create({ id: 'acme', name: 'Acme' });
    const headers = { 'X-Hook0-Application': 'acme' };
    const { body } = await api.call('POST /api/endpoints', { body: anEndpoint, headers });
    expect(body.applicationId).toBe('acme');
    expect(await api.call('DELETE /api/applications/acme')).toMatchObject({
      status: 409,
      body: { code: 'not_empty' },
    });
    await api.call(`DELETE /api/endpoints/${body.id}`, { headers });
    expect((await api.call('DELETE /api/applications/acme')).status).toBe(204);
    expect((await api.call('DELETE /api/applications/acme')).status).toBe(404);
  });

  it('never reuse an id, because its events may still be stored', async () => {
    await create({ id: 'acme', name: 'Acme' });
    await api.call('DELETE /api/applications/acme');
    expect(await create({ id: 'acme', name: 'Another tenant' })).toMatchObject({
      status: 409,
      body: {
        code: 'already_exists',
        field: 'id',
        detail: expect.stringMatching(/"acme".*was used by a removed application.*choose another/),
      },
    });
    const headers = { 'X-Hook0-Application': 'acme' };
    expect((await api.call('GET /api/events', { headers })).status).toBe(404);
    expect((await api.call('GET /api/applications')).body.data).toHaveLength(1);
  });

  it('keep the default application, which no deployment would create again', async () => {
    expect(await api.call('DELETE /api/applications/default')).toMatchObject({
      status: 409,
      body: { code: 'permanent', detail: expect.stringContaining('"default"') },
    });
    expect((await api.call('GET /api/applications/default')).status).toBe(200);
    const token = await api.makeTokenFor('default', ['admin']);
    expect((await api.call('DELETE /api/applications/default', { token })).status).toBe(403);
  });

  it('keep nulls inside metadata; null resets the field itself', async () => {
    const metadata = { a: null, b: { c: null, d: [null, { e: null }] } };
    expect((await create({ id: 'acme', name: 'Acme', metadata })).body.metadata).toEqual(metadata);
    expect((await api.call('GET /api/applications/acme')).body.metadata).toEqual(metadata);
    expect((await create({ id: 'globex', name: 'Globex', metadata: null })).body.metadata).toEqual({});
    expect(await create({ id: 'hooli', name: null })).toMatchObject({ status: 400, body: { field: 'name' } });
    const patched = await api.call('PATCH /api/applications/acme', { body: { metadata: { b: null } } });
    expect(patched.body.metadata).toEqual({ a: null });
  });

  it('are managed by operators; the token of an application reads and changes only its own', async () => {
    await create({ id: 'acme', name: 'Acme' });
    const token = await api.makeTokenFor('acme', ['admin']);
    for (const request of [
      'GET /api/applications',
      'POST /api/applications',
      'DELETE /api/applications/acme',
    ]) {
      expect(
        await api.call(request, { token, body: request.startsWith('POST') ? { name: 'x' } : undefined }),
      ).toMatchObject({
        status: 403,
        body: { code: 'operator_required' },
      });
    }
    expect((await api.call('GET /api/applications/acme', { token })).status).toBe(200);
    expect((await api.call('PATCH /api/applications/acme', { token, body: { name: 'New' } })).body.name).toBe(
      'New',
    );
    expect((await api.call('GET /api/applications/default', { token })).status).toBe(404);
    expect((await api.call('PATCH /api/applications/default', { token, body: { name: 'x' } })).status).toBe(
      404,
    );
  });
});

describe('tokens', () => {
  const create = (body: object, token = api.operator) => api.call('POST /api/tokens', { body, token });

  it('are shown once and work at once within their scopes', async () => {
    const made = await create({ name: 'ci', scopes: ['read'] });
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^tok_/),
        applicationId: 'default',
        name: 'ci',
        scopes: ['read'],
        token: expect.stringMatching(/^hk0_[0-9A-Za-z]{36}$/),
      },
    });
    const { token, id } = made.body;
    expect((await api.call('GET /api/endpoints', { token })).status).toBe(200);
    expect((await api.call('POST /api/endpoints', { token, body: anEndpoint })).status).toBe(403);
    for (const request of ['GET /api/tokens', `GET /api/tokens/${id}`]) {
      expect((await api.call(request)).text).not.toContain(token);
    }
  });

  it('stop working within a minute of their removal', async () => {
    const { token, id } = (await create({ name: 'ci', scopes: ['read'] })).body;
    const status = async () => (await api.call('GET /api/endpoints', { token })).status;
    expect(await status()).toBe(200);
    expect((await api.call(`DELETE /api/tokens/${id}`)).status).toBe(204);
    now += 60_000;
    expect(await status()).toBe(401);
    expect((await api.call(`DELETE /api/tokens/${id}`)).status).toBe(404);
  });

  it('expire at their time', async () => {
    const { token, expiresAt } = (
      await create({ name: 'ci', scopes: ['read'], expiresAt: new Date(now + 5_000).toISOString() })
    ).body;
    expect(expiresAt).toBe(new Date(now + 5_000).toISOString());
    expect((await api.call('GET /api/endpoints', { token })).status).toBe(200);
    now += 5_000;
    expect((await api.call('GET /api/endpoints', { token })).status).toBe(401);
  });

  it.each([
    [{ scopes: ['read'] }, 'name'],
    [{ name: 'x' }, 'scopes'],
    [{ name: 'x', scopes: [] }, 'scopes'],
    [{ name: 'x', scopes: ['root'] }, 'scopes[0]'],
    [{ name: 'x', scopes: ['read'], applicationId: 'A' }, 'applicationId'],
    [{ name: 'x', scopes: ['read'], expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ name: 'x', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ name: 'x', scopes: ['read'], token: 'hk0_mine' }, 'token'],
  ])('are refused with the field: %j', async (body, field) => {
    expect(await create(body)).toMatchObject({ status: 400, body: { code: 'validation_failed', field } });
  });

  it('of an application create tokens for that application only', async () => {
    await api.call('POST /api/applications', { body: { id: 'acme', name: 'Acme' } });
    const admin = (await create({ name: 'acme', scopes: ['admin'], applicationId: 'acme' })).body.token;
    expect((await create({ name: 'x', scopes: ['manage', 'ingest'] }, admin)).body.applicationId).toBe(
      'acme',
    );
    expect(await create({ name: 'x', scopes: ['read'], applicationId: 'default' }, admin)).toMatchObject({
      status: 404,
    });
    expect(await create({ name: 'x', scopes: ['read'], applicationId: '*' }, admin)).toMatchObject({
      status: 403,
      body: { code: 'operator_required' },
    });
    expect((await api.call('GET /api/tokens', { token: admin })).body.data).toHaveLength(2);
    expect((await api.call('GET /api/tokens?applicationId=*', { token: admin })).status).toBe(403);
  });

  it('for all applications are created, listed and removed by operators', async () => {
    const { id, token } = (await create({ name: 'second', scopes: ['admin'], applicationId: '*' })).body;
    expect((await api.call('GET /api/applications', { token })).status).toBe(200);
    expect((await api.call('GET /api/tokens?applicationId=*')).body.data).toHaveLength(2);
    expect((await api.call(`DELETE /api/tokens/${id}`)).status).toBe(204);
  });

  it('cannot be created for an application that does not exist', async () => {
    expect(await create({ name: 'x', scopes: ['read'], applicationId: 'nobody' })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });
});

describe('GET /health', () => {
  it('needs the default application', async () => {
    await api.stores.applications.remove('default');
    expect(await api.call('GET /health', { token: '' })).toMatchObject({
      status: 503,
      body: { status: 'unhealthy' },
    });
    expect(String(api.logged[0]?.fields.error)).toContain('the application "default" is missing');
  });

  it('needs no token and names the version', async () => {
    const { status, body } = await api.call('GET /health', { token: '' });
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'healthy',
      version: '0.0.0-test',
      timestamp: new Date(now).toISOString(),
    });
  });

  it('answers HEAD like GET without the body, and OPTIONS with the methods', async () => {
    expect(await api.call('HEAD /health', { token: '' })).toMatchObject({ status: 200, text: '' });
    expect(await api.call('OPTIONS /api/events', { token: '' })).toMatchObject({
      status: 204,
      headers: { allow: 'GET, POST, HEAD, OPTIONS' },
    });
  });
});
