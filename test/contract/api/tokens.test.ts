import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { hashToken } from '#core/token/token.ts';
import { api, apiForEachTest, database } from '#test/support/api-fixture.ts';

let now: number;

beforeEach(() => {
  now = Date.now();
});
apiForEachTest({ now: () => now });
beforeEach(async () => {
  await api.call('POST /api/applications', { body: { id: 'acme', name: 'Acme' } });
});

const hour = 60 * 60 * 1_000;
const create = (body: object, token = api.operator) =>
  api.call('POST /api/tokens', { body: { name: 'ci', scopes: ['ingest'], ...body }, token });
const patch = (id: string, body: object, token = api.operator) =>
  api.call(`PATCH /api/tokens/${id}`, { body, token });

describe('the token of a request', () => {
  it('is shown to every valid token, without its text', async () => {
    const { id, token } = (await create({ scopes: ['ingest'], name: 'shop' })).body;
    const own = await api.call('GET /api/token', { token });
    expect(own).toMatchObject({ status: 200, body: { id, name: 'shop', scopes: ['ingest'] } });
    expect(JSON.stringify(own.body)).not.toContain(token);
    const portal = (await api.call('POST /api/applications/acme/portal-tokens', { body: {} })).body;
    expect(await api.call('GET /api/token', { token: portal.token })).toMatchObject({
      status: 200,
      body: { id: portal.id, kind: 'portal', applicationId: 'acme' },
    });
    expect((await api.call('GET /api/token', { token: 'hk0_wrong' })).status).toBe(401);
  });
});

describe('a change of a token', () => {
  it('changes the item that authenticates and the list', async () => {
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

  it('keeps concurrent changes', async () => {
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
  ])('is refused with the field, also when the token is created: %j', async (change, field) => {
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
  it('finds the token of any application by naming the application, and the problem says how', async () => {
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

  it('is shown and written with the accuracy of an hour', async () => {
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

  it('does not restore a token that was revoked in the meantime', async () => {
    const { id, token } = (await create({})).body;
    await api.call(`DELETE /api/tokens/${id}`);
    await api.stores.tokens.touch(hashToken(token), now);
    const Key = { pk: { S: `TOKEN#${hashToken(token)}` }, sk: { S: 'TOKEN' } };
    const { Item } = await database.client.send(new GetItemCommand({ TableName: api.config.tableName, Key }));
    expect(Item).toBeUndefined();
  });
});
