import { describe, expect, it } from 'vitest';
import { api, apiForEachTest, createEndpoint } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';

const started = Date.now();
apiForEachTest({ now: () => started });

describe('POST /api/endpoints', () => {
  it('answers with the configuration and all defaults', async () => {
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

  it('accepts every field', async () => {
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

  it('creates nothing with dryRun and answers the problems', async () => {
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

  it('generates a secret if none is given and shows it only by its own route', async () => {
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
    expect((await createEndpoint({ retryConfig })).retryConfig).toMatchObject(effective);
  });

  it.each([true, false])('accepts retryConfig.circuitBreaker: %s as a short form', async (enabled) => {
    const { circuitBreaker } = await createEndpoint({ retryConfig: { circuitBreaker: enabled } });
    expect(circuitBreaker).toEqual({ enabled, threshold: 5, timeout: 60_000 });
  });

  it('accepts its own answer', async () => {
    const { id, applicationId, circuit, status, statusSince, createdAt, updatedAt, ...configuration } =
      await createEndpoint({
        retryConfig: { strategy: 'custom', schedule: [10] },
      });
    const again = await api.call('POST /api/endpoints', { body: configuration });
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject(configuration);
  });
});
