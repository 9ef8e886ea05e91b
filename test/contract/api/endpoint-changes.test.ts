import { describe, expect, it } from 'vitest';
import { api, apiForEachTest, createEndpoint } from '#test/support/api-fixture.ts';

const started = Date.now();
apiForEachTest({ now: () => started });

describe('PATCH /api/endpoints/{id}', () => {
  const patch = (id: string, body: unknown) => api.call(`PATCH /api/endpoints/${id}`, { body });

  it('merges field by field', async () => {
    const before = await createEndpoint({
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
    const { id } = await createEndpoint({
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
  ])('changes only one field with %j', async (change, expected) => {
    const before = await createEndpoint(given);
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

  it.each(['name', 'url', 'events'])('cannot remove the %s', async (field) => {
    const { id } = await createEndpoint();
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
      const made = await createEndpoint({
        ...given,
        headers: { authorization: 'Bearer a-long-credential-1234' },
      });
      const answer = await api.call(`${method} /api/endpoints/${made.id}${path}`, { body });

      expect(Object.keys(answer.body).sort()).toEqual(Object.keys(made).sort());
      expect(answer.text).not.toContain('a-long-credential');
    },
  );

  it('keeps the value of a masked header that is sent back', async () => {
    const { id, headers } = await createEndpoint({
      headers: { Authorization: 'Bearer a-long-credential-1234' },
    });
    const { body } = await patch(id, { headers });
    expect(body.headers).toEqual(headers);
    const record = await api.stores.endpoints.get('default', id);
    expect(record?.endpoint.headers).toEqual({ authorization: 'Bearer a-long-credential-1234' });
  });

  it('moves between strategies without leftovers', async () => {
    const { id } = await createEndpoint({ retryConfig: { maxAttempts: 5, baseDelay: 7 } });
    const custom = await patch(id, { retryConfig: { strategy: 'custom', schedule: [1, 2, 3] } });
    expect(custom.body.retryConfig).toMatchObject({ strategy: 'custom', maxAttempts: 4 });
    const longer = await patch(id, { retryConfig: { schedule: [1, 2, 3, 4] } });
    expect(longer.body.retryConfig).toMatchObject({ maxAttempts: 5 });
    const fixed = await patch(id, { retryConfig: { strategy: 'fixed' } });
    expect(fixed.body.retryConfig).toMatchObject({ strategy: 'fixed', maxAttempts: 3, baseDelay: 1_000 });
    expect((await patch(id, { retryConfig: 'standard' })).body.retryConfig.strategy).toBe('standard');
  });

  it('replaces a filter as a whole', async () => {
    const { id } = await createEndpoint({
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
    const { id } = await createEndpoint();
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
  ])('validates the merged endpoint: %j', async (body, field) => {
    const before = await createEndpoint({ security: { signatureHeader: 'X-Signature' } });
    const answer = await patch(before.id, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', field } });
    expect((await api.call(`GET /api/endpoints/${before.id}`)).body).toEqual(before);
  });
});
