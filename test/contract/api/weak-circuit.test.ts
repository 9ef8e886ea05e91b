import { beforeEach, describe, expect, it } from 'vitest';
import { api, apiForEachTest } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';

apiForEachTest();
let tenant: string;
let portal: string;
beforeEach(async () => {
  tenant = await api.makeTokenFor('default', ['admin']);
  const capabilities = ['endpoints:read', 'endpoints:write', 'secrets:read'];
  const made = await api.call('POST /api/applications/default/portal-tokens', { body: { capabilities } });
  portal = made.body.token;
});

const weak: readonly (readonly [object, string])[] = [
  [{ circuitBreaker: { enabled: false } }, 'circuitBreaker.enabled'],
  [{ retryConfig: { circuitBreaker: false } }, 'circuitBreaker.enabled'],
  [{ circuitBreaker: { threshold: 101 } }, 'circuitBreaker.threshold'],
];

describe('a circuit breaker', () => {
  it.each(weak)('is not set to %j by a token of an application', async (change, field) => {
    const { body: made } = await api.call('POST /api/endpoints', { token: tenant, body: anEndpoint });
    for (const token of [tenant, portal]) {
      for (const [request, body] of [
        ['POST /api/endpoints', { ...anEndpoint, ...change }],
        ['POST /api/endpoints?dryRun=true', { ...anEndpoint, ...change }],
        [`PATCH /api/endpoints/${made.id}`, change],
      ] as const) {
        const refused = await api.call(request, { token, body });
        expect(refused).toMatchObject({ status: 403, body: { code: 'operator_required', field } });
      }
    }
    const { body: standing } = await api.call(`GET /api/endpoints/${made.id}`);
    expect(standing.circuitBreaker).toEqual({ enabled: true, threshold: 5, timeout: 60_000 });
  });

  it.each(weak)('that an operator set to %j stays when others change the endpoint', async (change) => {
    const made = await api.call('POST /api/endpoints', { body: { ...anEndpoint, ...change } });
    expect(made.status).toBe(201);
    const request = `PATCH /api/endpoints/${made.body.id}`;
    const renamed = await api.call(request, { token: tenant, body: { name: 'renamed' } });
    expect(renamed).toMatchObject({ status: 200, body: { circuitBreaker: made.body.circuitBreaker } });
    const whole = await api.call(request, { token: tenant, body: { circuitBreaker: null } });
    expect(whole.body.circuitBreaker).toEqual({ enabled: true, threshold: 5, timeout: 60_000 });
    expect((await api.call(request, { token: tenant, body: change })).status).toBe(403);
  });

  it('may be sensitive or patient within limits', async () => {
    for (const circuitBreaker of [{ threshold: 1 }, { threshold: 100, timeout: 1_000 }]) {
      const body = { ...anEndpoint, circuitBreaker };
      expect((await api.call('POST /api/endpoints', { token: portal, body })).status).toBe(201);
    }
  });
});
