import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anEndpoint, startApi, type TestApi } from '#test/support/api-function.ts';
import { startDatabase, type TestDatabase } from '#test/support/dynamodb.ts';

let database: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());
beforeEach(async () => {
  const started = Date.now();
  api = await startApi(database, { now: () => started });
});

const create = async (change: object = {}) =>
  (await api.call('POST /api/endpoints', { body: { ...anEndpoint, ...change } })).body;

describe('POST /api/endpoints', () => {
  it('echoes the configuration in force, so that nobody has to guess a default', async () => {
    const { status, body, headers } = await api.call('POST /api/endpoints', { body: anEndpoint });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^ep_[0-9a-z]{26}$/),
      applicationId: 'default',
      ...anEndpoint,
      headers: {},
      timeout: 30_000,
      priority: 'normal',
      retryConfig: {
        strategy: 'standard',
        schedule: [
          5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000,
        ],
        maxAttempts: 10,
        jitter: true,
        retryableStatuses: [408, 425, 429, '5xx'],
      },
      circuitBreaker: { enabled: true, threshold: 5, timeout: 60_000 },
      circuit: { state: 'closed', failures: 0 },
      rateLimit: null,
      security: { signatureHeader: 'X-Hook0-Signature', signatureScheme: 'standard' },
      filters: null,
      metadata: {},
      status: 'active',
      statusSince: expect.stringMatching(/^\d{4}-.*Z$/),
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(headers.location).toBe(`/api/endpoints/${body.id}`);
    expect((await api.call(`GET ${headers.location}`)).body).toEqual(body);
  });

  it('takes everything that can be configured', async () => {
    const all = {
      ...anEndpoint,
      headers: { 'X-App-ID': 'your-app-id', Authorization: 'Bearer a-long-credential-1234' },
      timeout: 5_000,
      priority: 'high',
      retryConfig: {
        maxAttempts: 5,
        strategy: 'linear',
        baseDelay: 2_000,
        maxDelay: 9_000,
        jitter: false,
        retryableStatuses: [404, '5xx'],
      },
      circuitBreaker: { enabled: false, threshold: 7, timeout: 1_000 },
      rateLimit: { perSecond: 50 },
      security: {
        secret: 'webhook-secret-key',
        signatureHeader: 'X-Signature',
        signatureScheme: 'hook0-v1',
      },
      filters: { logic: 'AND', conditions: [{ field: 'payload.order.amount', operator: 'gt', value: 100 }] },
      metadata: { minimum: 100, nested: { ünï: [1.5, null, true] } },
    };
    const { status, body } = await api.call('POST /api/endpoints', { body: all });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...all,
      headers: { 'x-app-id': 'your-app-id', authorization: '****1234' },
      security: { signatureHeader: 'X-Signature', signatureScheme: 'hook0-v1' },
      metadata: { minimum: 100, nested: { ünï: [1.5, null, true] } },
    });
    expect((await api.call(`GET /api/endpoints/${body.id}`)).body).toEqual(body);
  });

  it('stores nested nulls as given; null resets a field to its default', async () => {
    const metadata = { a: null, b: { c: null } };
    const body = { ...anEndpoint, metadata, timeout: null, rateLimit: null };
    const made = await api.call('POST /api/endpoints', { body });
    expect(made).toMatchObject({ status: 201, body: { metadata, timeout: 30_000, rateLimit: null } });
    expect((await api.call(`GET /api/endpoints/${made.body.id}`)).body.metadata).toEqual(metadata);
    const refused = await api.call('POST /api/endpoints', {
      body: { ...anEndpoint, headers: { 'X-A': null } },
    });
    expect(refused).toMatchObject({ status: 400, body: { field: 'headers.X-A' } });
    const patched = await api.call(`PATCH /api/endpoints/${made.body.id}`, {
      body: { metadata: { b: null } },
    });
    expect(patched.body.metadata).toEqual({ a: null });
  });

  it('only says with dryRun whether it would create one, and what it would refuse', async () => {
    const wrong = {
      ...anEndpoint,
      url: 'https://10.0.0.1/',
      security: { secret: 'short' },
      headers: { host: 'x' },
    };
    const [right, refused, known, unknown] = await Promise.all([
      api.call('POST /api/endpoints?dryRun=true', { body: anEndpoint }),
      api.call('POST /api/endpoints?dryRun=true', { body: wrong }),
      api.call('POST /api/endpoints', { body: wrong }),
      api.call('POST /api/endpoints?dryRun=yes', { body: anEndpoint }),
    ]);
    expect([right.status, right.body]).toEqual([204, {}]);
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map(({ field }: { field: string }) => field)).toEqual(
      expect.arrayContaining(['url', 'security.secret', 'headers.host']),
    );
    expect({ ...refused.body, requestId: '' }).toEqual({ ...known.body, requestId: '' });
    expect(unknown.body).toMatchObject({ code: 'invalid_query', field: 'dryRun' });
    expect((await api.call('GET /api/endpoints')).body.data).toEqual([]);
    expect((await api.call('POST /api/endpoints?dryRun=false', { body: anEndpoint })).status).toBe(201);
  });

  it('makes a secret when none is given and tells it only when asked', async () => {
    const made = await api.call('POST /api/endpoints', { body: anEndpoint });
    const given = await api.call('POST /api/endpoints', {
      body: { ...anEndpoint, security: { secret: 'webhook-secret-key' } },
    });
    const secretOf = async (id: string) => (await api.call(`GET /api/endpoints/${id}/secret`)).body;
    expect(await secretOf(made.body.id)).toMatchObject({
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{32}$/),
    });
    expect(await secretOf(given.body.id)).toMatchObject({ secret: 'webhook-secret-key' });
    const list = await api.call('GET /api/endpoints');
    for (const { text } of [made, given, list]) expect(text).not.toMatch(/whsec_|webhook-secret-key/);
  });

  it.each([
    [
      'an object',
      { maxAttempts: 4 },
      { strategy: 'exponential', maxAttempts: 4, baseDelay: 1_000, maxDelay: 30_000, jitter: true },
    ],
    [
      'an empty object',
      {},
      { strategy: 'exponential', maxAttempts: 3, baseDelay: 1_000, maxDelay: 30_000, jitter: true },
    ],
    [
      'a schedule',
      { strategy: 'custom', schedule: [10, 20] },
      { strategy: 'custom', schedule: [10, 20], maxAttempts: 3, jitter: false },
    ],
    ['the name', 'standard', { strategy: 'standard', maxAttempts: 10 }],
    ['null', null, { strategy: 'standard', maxAttempts: 10 }],
  ])('fills in a retryConfig given as %s', async (_, retryConfig, effective) => {
    expect((await create({ retryConfig })).retryConfig).toMatchObject(effective);
  });

  it.each([true, false])('takes retryConfig.circuitBreaker: %s as a short form', async (enabled) => {
    const { circuitBreaker } = await create({ retryConfig: { circuitBreaker: enabled } });
    expect(circuitBreaker).toEqual({ enabled, threshold: 5, timeout: 60_000 });
  });

  it('takes back what it answered', async () => {
    const { id, applicationId, circuit, status, statusSince, createdAt, updatedAt, ...configuration } =
      await create({
        retryConfig: { strategy: 'custom', schedule: [10] },
      });
    const again = await api.call('POST /api/endpoints', { body: configuration });
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject(configuration);
  });
});

describe('PATCH /api/endpoints/{id}', () => {
  const patch = (id: string, body: unknown) => api.call(`PATCH /api/endpoints/${id}`, { body });

  it('merges field by field into what was given', async () => {
    const before = await create({
      headers: { 'X-A': '1', 'X-B': '2' },
      retryConfig: { maxAttempts: 5, baseDelay: 7 },
      circuitBreaker: { threshold: 9 },
      rateLimit: { perSecond: 5 },
      metadata: { a: 1, b: { c: 2 } },
    });
    const { status, body } = await patch(before.id, {
      name: 'Renamed',
      headers: { 'x-a': null, 'X-C': '3' },
      retryConfig: { baseDelay: 8 },
      circuitBreaker: { timeout: 2_000 },
      rateLimit: null,
      metadata: { b: { d: 3 } },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...before,
      name: 'Renamed',
      headers: { 'x-b': '2', 'x-c': '3' },
      retryConfig: { ...before.retryConfig, baseDelay: 8 },
      circuitBreaker: { enabled: true, threshold: 9, timeout: 2_000 },
      rateLimit: null,
      metadata: { a: 1, b: { c: 2, d: 3 } },
      updatedAt: expect.any(String),
    });
    expect((await api.call(`GET /api/endpoints/${before.id}`)).body).toEqual(body);
  });

  it('resets to defaults with null', async () => {
    const { id } = await create({
      timeout: 5_000,
      priority: 'low',
      headers: { 'x-a': '1' },
      retryConfig: {},
      filters: { conditions: [] },
    });
    const { body } = await patch(id, {
      timeout: null,
      priority: null,
      headers: null,
      retryConfig: null,
      filters: null,
    });
    expect(body).toMatchObject({ timeout: 30_000, priority: 'normal', headers: {}, filters: null });
    expect(body.retryConfig.strategy).toBe('standard');
  });

  const given = {
    headers: { 'x-a': '1', 'x-b': '2' },
    timeout: 5_000,
    priority: 'high',
    retryConfig: {
      strategy: 'linear',
      maxAttempts: 7,
      baseDelay: 5,
      jitter: false,
      retryableStatuses: ['4xx'],
    },
    circuitBreaker: { enabled: false, threshold: 9, timeout: 2_000 },
    rateLimit: { perSecond: 5 },
    security: { signatureHeader: 'X-Mine' },
    filters: { logic: 'OR', conditions: [{ field: 'type', operator: 'exists', value: true }] },
    metadata: { a: 1, b: { c: 2, d: 3 } },
  };

  it.each([
    [{ headers: null }, { headers: {} }],
    [{ headers: { 'x-a': null } }, { headers: { 'x-b': '2' } }],
    [{ headers: { 'X-A': null } }, { headers: { 'x-b': '2' } }],
    [{ timeout: null }, { timeout: 30_000 }],
    [{ priority: null }, { priority: 'normal' }],
    [{ retryConfig: { strategy: null } }, { retryConfig: { strategy: 'exponential', maxAttempts: 7 } }],
    [{ retryConfig: { maxAttempts: null } }, { retryConfig: { strategy: 'linear', maxAttempts: 3 } }],
    [{ retryConfig: { baseDelay: null } }, { retryConfig: { baseDelay: 1_000, jitter: false } }],
    [{ retryConfig: { jitter: null } }, { retryConfig: { baseDelay: 5, jitter: true } }],
    [
      { retryConfig: { retryableStatuses: null } },
      { retryConfig: { retryableStatuses: [408, 425, 429, '5xx'] } },
    ],
    [{ circuitBreaker: null }, { circuitBreaker: { enabled: true, threshold: 5, timeout: 60_000 } }],
    [
      { circuitBreaker: { enabled: null } },
      { circuitBreaker: { enabled: true, threshold: 9, timeout: 2_000 } },
    ],
    [
      { circuitBreaker: { threshold: null } },
      { circuitBreaker: { enabled: false, threshold: 5, timeout: 2_000 } },
    ],
    [
      { circuitBreaker: { timeout: null } },
      { circuitBreaker: { enabled: false, threshold: 9, timeout: 60_000 } },
    ],
    [
      { retryConfig: { circuitBreaker: true } },
      { circuitBreaker: { enabled: true, threshold: 9, timeout: 2_000 } },
    ],
    [{ rateLimit: null }, { rateLimit: null }],
    [{ security: null }, { security: { signatureHeader: 'X-Hook0-Signature' } }],
    [{ security: { signatureHeader: null } }, { security: { signatureHeader: 'X-Hook0-Signature' } }],
    [{ filters: null }, { filters: null }],
    [{ metadata: null }, { metadata: {} }],
    [{ metadata: { b: { c: null } } }, { metadata: { a: 1, b: { d: 3 } } }],
  ])('changes with %j that and nothing else', async (change, expected) => {
    const before = await create(given);
    const { status, body } = await patch(before.id, change);

    expect(status).toBe(200);
    expect(body).toMatchObject(expected);
    const changed = Object.keys(expected);
    const others = (view: object) =>
      Object.entries(view).filter(([name]) => ![...changed, 'updatedAt'].includes(name));
    expect(others(body)).toEqual(others(before));
    const { secret } = (await api.call(`GET /api/endpoints/${before.id}/secret`)).body;
    expect(secret).toMatch(/^whsec_/);
  });

  it.each(['name', 'url', 'events'])('cannot take away the %s', async (field) => {
    const { id } = await create();
    expect(await patch(id, { [field]: null })).toMatchObject({ status: 400, body: { field } });
  });

  it.each([
    ['GET', '', undefined],
    ['PATCH', '', {}],
    ['POST', '/pause', undefined],
    ['POST', '/resume', undefined],
  ])(
    '%s %s answers with the whole configuration in force, credentials masked',
    async (method, path, body) => {
      const made = await create({ ...given, headers: { authorization: 'Bearer a-long-credential-1234' } });
      const answer = await api.call(`${method} /api/endpoints/${made.id}${path}`, { body });

      expect(Object.keys(answer.body).sort()).toEqual(Object.keys(made).sort());
      expect(answer.text).not.toContain('a-long-credential');
    },
  );

  it('keeps a masked header value that comes back', async () => {
    const { id, headers } = await create({ headers: { Authorization: 'Bearer a-long-credential-1234' } });
    const { body } = await patch(id, { headers });
    expect(body.headers).toEqual(headers);
    const record = await api.stores.endpoints.get('default', id);
    expect(record?.endpoint.headers).toEqual({ authorization: 'Bearer a-long-credential-1234' });
  });

  it('moves between strategies without leftovers', async () => {
    const { id } = await create({ retryConfig: { maxAttempts: 5, baseDelay: 7 } });
    const custom = await patch(id, { retryConfig: { strategy: 'custom', schedule: [1, 2, 3] } });
    expect(custom.body.retryConfig).toMatchObject({ strategy: 'custom', maxAttempts: 4 });
    const longer = await patch(id, { retryConfig: { schedule: [1, 2, 3, 4] } });
    expect(longer.body.retryConfig).toMatchObject({ maxAttempts: 5 });
    const fixed = await patch(id, { retryConfig: { strategy: 'fixed' } });
    expect(fixed.body.retryConfig).toMatchObject({ strategy: 'fixed', maxAttempts: 3, baseDelay: 1_000 });
    expect((await patch(id, { retryConfig: 'standard' })).body.retryConfig.strategy).toBe('standard');
  });

  it('replaces a filter as a whole', async () => {
    const { id } = await create({
      filters: { logic: 'OR', conditions: [{ field: 'type', operator: 'eq', value: 'a' }] },
    });
    const { body } = await patch(id, {
      filters: { conditions: [{ field: 'id', operator: 'exists', value: true }] },
    });
    expect(body.filters).toEqual({
      logic: 'AND',
      conditions: [{ field: 'id', operator: 'exists', value: true }],
    });
  });

  it('replaces the secret at once', async () => {
    const { id } = await create();
    await patch(id, { security: { secret: 'another-secret' } });
    expect((await api.call(`GET /api/endpoints/${id}/secret`)).body).toMatchObject({
      secret: 'another-secret',
      previous: [],
    });
  });

  it.each([
    [{ headers: { 'x-signature': 'mine' } }, 'security.signatureHeader'],
    [
      { retryConfig: { maxAttempts: 50, strategy: 'fixed', baseDelay: 604_800_000, maxDelay: 604_800_000 } },
      'retryConfig.maxDelay',
    ],
    [{ name: null }, 'name'],
    [{ id: 'ep_other' }, 'id'],
  ])('judges the merged whole: %j', async (body, field) => {
    const before = await create({ security: { signatureHeader: 'X-Signature' } });
    const answer = await patch(before.id, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', field } });
    expect((await api.call(`GET /api/endpoints/${before.id}`)).body).toEqual(before);
  });
});

describe('the status of an endpoint', () => {
  const act = (id: string, action: string) => api.call(`POST /api/endpoints/${id}/${action}`);

  it('is the same after the second time, and the second time changes nothing', async () => {
    const { id } = await create();
    for (const [action, status] of [
      ['pause', 'paused'],
      ['resume', 'active'],
      ['disable', 'disabled'],
      ['enable', 'active'],
    ] as const) {
      const first = await act(id, action);
      const second = await act(id, action);
      expect(first).toMatchObject({ status: 200, body: { id, status } });
      expect(second.body).toEqual(first.body);
    }
  });

  it('lets go of held deliveries when it is resumed, once', async () => {
    const { id } = await create();
    await act(id, 'resume');
    expect(api.drained).toEqual([]);
    await act(id, 'pause');
    await act(id, 'resume');
    await act(id, 'resume');
    expect(api.drained).toEqual([id]);
  });

  it.each(['pause', 'resume'])('of a disabled endpoint cannot be changed by %s', async (action) => {
    const { id } = await create();
    await act(id, 'disable');
    expect(await act(id, action)).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
  });

  it('stays paused when a paused endpoint is enabled', async () => {
    const { id } = await create();
    await act(id, 'pause');
    expect((await act(id, 'enable')).body.status).toBe('paused');
  });

  it('takes no body but {}', async () => {
    const { id } = await create();
    expect((await api.call(`POST /api/endpoints/${id}/pause`, { body: {} })).status).toBe(200);
    const refused = await api.call(`POST /api/endpoints/${id}/resume`, { body: { at: 'noon' } });
    expect(refused).toMatchObject({ status: 400, body: { field: 'at' } });
  });
});

describe('endpoints', () => {
  it('are listed page by page, each once', async () => {
    const ids = [];
    for (let index = 0; index < 5; index += 1) ids.push((await create()).id);
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const { status, body } = await api.call(`GET /api/endpoints?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      seen.push(...body.data.map((item: { id: string }) => item.id));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  it('are gone once deleted', async () => {
    const { id } = await create();
    expect(await api.call(`DELETE /api/endpoints/${id}`)).toMatchObject({ status: 204, text: '' });
    for (const request of [
      `GET /api/endpoints/${id}`,
      `DELETE /api/endpoints/${id}`,
      `POST /api/endpoints/${id}/pause`,
    ]) {
      expect(await api.call(request)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });

  it('of another application are not there', async () => {
    const { id } = await create();
    await api.call('POST /api/applications', { body: { id: 'other', name: 'Other' } });
    const token = await api.makeTokenFor('other', ['admin']);
    for (const request of [
      `GET /api/endpoints/${id}`,
      `PATCH /api/endpoints/${id}`,
      `DELETE /api/endpoints/${id}`,
      `POST /api/endpoints/${id}/pause`,
      `GET /api/endpoints/${id}/secret`,
      `GET /api/endpoints/${id}/deliveries`,
    ]) {
      const body = request.startsWith('PATCH') ? { name: 'Mine' } : undefined;
      expect(await api.call(request, { token, body })).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
    expect((await api.call('GET /api/endpoints', { token })).body.data).toEqual([]);
    expect((await api.call(`GET /api/endpoints/${id}`)).body.name).toBe(anEndpoint.name);
  });
});
