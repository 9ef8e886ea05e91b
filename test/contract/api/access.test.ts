import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { capabilities } from '#core/token/capability.ts';
import { makeToken, type Scope, scopes, tokenRandomBytes } from '#core/token/token.ts';
import {
  answers,
  bodies,
  declared,
  expectLetIn,
  nameOf,
  operatorsOnly,
  parametersOf,
  statusOf,
} from '#test/support/access.ts';
import { api, apiForAllTests } from '#test/support/api-fixture.ts';

apiForAllTests();
beforeAll(async () => {
  for (const id of ['acme', 'globex']) {
    await api.call('POST /api/applications', { body: { id, name: id } });
  }
});

/** A second declaration of the scopes, so that an error in the code does not hide here. */
const mayDo: Readonly<Record<Scope, readonly Scope[]>> = {
  admin: ['admin', 'manage', 'ingest', 'read'],
  manage: ['manage', 'read'],
  ingest: ['ingest'],
  read: ['read'],
};

describe.each(
  declared.filter(({ scope }) => scope === 'none').map((entry) => [nameOf(entry), entry] as const),
)('%s', (_, entry) => {
  it('asks for no token', async () => {
    for (const token of ['', 'hk0_wrong', api.operator]) {
      expectLetIn(entry, await statusOf(entry, { token }));
    }
  });
});

describe.each(
  declared.filter(({ scope }) => scope !== 'none').map((entry) => [nameOf(entry), entry] as const),
)('%s', (name, entry) => {
  const { scope: needed } = entry;
  const may = (scope: Scope): boolean => needed === 'any' || mayDo[scope].some((one) => one === needed);
  const forOperators = operatorsOnly.has(name);
  const namesSomething = parametersOf(entry).length > 0;

  it('refuses a request without a token and with an unknown token', async () => {
    const strange = makeToken(randomBytes(tokenRandomBytes));
    for (const token of ['', 'nonsense', `${strange.slice(0, -1)}~`, strange]) {
      expect(await statusOf(entry, { token })).toBe(401);
    }
  });

  it.each(scopes)('answers a token of the application with the scope %s by its scope', async (scope) => {
    const token = await api.makeTokenFor('acme', [scope]);
    const status = await statusOf(entry, { token });
    if (!may(scope) || forOperators) expect(status).toBe(403);
    else expectLetIn(entry, status);
  });

  it('answers 404 for resources of another application, or 403 without the scope', async () => {
    for (const scope of scopes) {
      const token = await api.makeTokenFor('acme', [scope]);
      const refused = may(scope) ? 404 : 403;
      expect(await statusOf(entry, { token, application: 'globex' })).toBe(refused);
      if (!namesSomething) continue;
      const status = await statusOf(entry, { token, things: 'globex' });
      expect(status).toBe(forOperators ? 403 : refused);
    }
  });

  it('accepts portal tokens with its capability only', async () => {
    for (const capability of capabilities) {
      const { body } = await api.call('POST /api/applications/acme/portal-tokens', {
        body: { capabilities: [capability] },
      });
      const status = await statusOf(entry, { token: body.token });
      if (entry.capability === capability || needed === 'any') {
        expectLetIn(entry, status);
        expect(await statusOf(entry, { token: body.token, application: 'globex' })).toBe(404);
        if (namesSomething) expect(await statusOf(entry, { token: body.token, things: 'globex' })).toBe(404);
      } else expect(status).toBe(403);
    }
  });

  it('answers 508 when more than five webhooks led to the request', async () => {
    for (const hops of ['6; deployment="Hook0"', '1, 6', '100000;future=1']) {
      expect(await statusOf(entry, { token: api.operator, application: 'acme', hops })).toBe(508);
    }
    expectLetIn(entry, await statusOf(entry, { token: api.operator, application: 'acme', hops: '5' }));
  });

  it('lets an operator use only the application that the request names', async () => {
    const token = api.operator;
    expectLetIn(entry, await statusOf(entry, { token, application: 'acme' }));
    // Ingest learns it from the routing version, which does not exist here.
    if (entry.inApplication !== false && entry.scope !== 'ingest') {
      expect(await statusOf(entry, { token, application: 'nobody' })).toBe(404);
    }
    // The path names the application, whatever the header says.
    const byPath = entry.path.includes('{applicationId}');
    if (namesSomething && !byPath) {
      expect(await statusOf(entry, { token, application: 'globex' })).toBe(404);
    }
  });
});

describe('the table', () => {
  it('has every route once, and special cases name existing routes', () => {
    const names = declared.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
    for (const name of [...operatorsOnly, ...Object.keys(bodies), ...Object.keys(answers)]) {
      expect(names).toContain(name);
    }
  });

  it('shows and changes signing secrets only with secrets:read', () => {
    const about = declared.filter(({ path }) => path.includes('secret'));
    expect(about.map(nameOf).sort()).toEqual([
      'GET /api/endpoints/{endpointId}/secret',
      'POST /api/endpoints/{endpointId}/rotate-secret',
    ]);
    const open = declared.filter(({ capability }) => capability === 'secrets:read');
    expect(open).toEqual(about);
  });

  it('opens routes of endpoints and deliveries to portals, and never those of tokens or applications', () => {
    const open = declared.filter(({ capability }) => capability !== undefined);
    expect(open.length).toBeGreaterThanOrEqual(25);
    for (const { path, scope } of open) {
      expect(path).toMatch(/^\/api\/(endpoints|events|deliveries|dead-letters|event-types|stats)\b/);
      expect(['read', 'manage']).toContain(scope);
    }
  });
});
