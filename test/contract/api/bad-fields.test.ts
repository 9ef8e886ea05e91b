import { describe, expect, it } from 'vitest';
import { api } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';
import {
  apiWithEndpoint,
  endpointId,
  expectNothingWritten,
  expectProblem,
  secret,
} from '#test/support/bad-input.ts';

apiWithEndpoint();

const longRegex = 'a'.repeat(2_048);
const condition = (change: object) => ({
  filters: { conditions: [{ field: 'payload.a', operator: 'eq', value: 1, ...change }] },
});
const deepFilter = (levels: number): object =>
  levels === 0 ? { field: 'type', operator: 'eq', value: 'a' } : { conditions: [deepFilter(levels - 1)] };

describe('a field of an endpoint', () => {
  const fields: [field: string, change: object][] = [
    ['name', { name: 5 }],
    ['name', { name: '' }],
    ['name', { name: '   ' }],
    ['name', { name: 'x'.repeat(201) }],
    ['name', { name: 'x'.repeat(900_000) }],
    ['name', { name: 'a\r\nb' }],
    ['name', { name: 'a\u0000b' }],
    ['name', { name: '\ud800' }],
    ['nmae', { nmae: 'x' }],
    ['constructor', { constructor: 1 }],
    ['status', { status: 'paused' }],
    ['url', { url: 1 }],
    ['url', { url: '' }],
    ['url', { url: 'your-app.example/webhooks' }],
    ['url', { url: 'http://your-app.example/' }],
    ['url', { url: 'ftp://your-app.example/' }],
    ['url', { url: 'javascript:alert(1)' }],
    ['url', { url: 'file:///etc/passwd' }],
    ['url', { url: `https://user:${secret}@your-app.example/` }],
    ['url', { url: `https://${secret}@your-app.example/` }],
    ['url', { url: 'https://your-app.example:22/' }],
    ['url', { url: 'https://your-app.example/#fragment' }],
    ['url', { url: 'https://your-app.example/\r\nHost: evil' }],
    ['url', { url: `https://your-app.example/${'x'.repeat(2_048)}` }],
    ['url', { url: 'https://your-app.example/\ud800' }],
    ['url', { url: 'https://your-app.example/?a=\udc00' }],
    ['events', { events: [] }],
    ['events', { events: 'order.created' }],
    ['events', { events: Array(101).fill('a') }],
    ['events[1]', { events: ['a', 1] }],
    ['events[0]', { events: ['order..created'] }],
    ['events[0]', { events: ['*.created'] }],
    ['events[0]', { events: ['x'.repeat(129)] }],
    ['headers', { headers: [] }],
    ['headers', { headers: 'X-A: 1' }],
    ['headers.X-A', { headers: { 'X-A': 1 } }],
    ['headers.X-A', { headers: { 'X-A': 'a\r\nHost: evil' } }],
    ['headers["X-A\\r\\nHost"]', { headers: { 'X-A\r\nHost': 'evil' } }],
    ['headers.Host', { headers: { Host: 'evil.example' } }],
    ['headers.webhook-id', { headers: { 'webhook-id': 'forged' } }],
    ['headers.X-A', { headers: { 'X-A': `${secret}\n` } }],
    ['headers.Authorization', { headers: { Authorization: [secret] } }],
    ['headers', { headers: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`X-${n}`, 'a'])) }],
    ['headers.Authorization', { headers: { Authorization: '****' } }],
    ['headers.x-plain', { headers: { 'x-plain': '****abcd' } }],
    ['timeout', { timeout: 999 }],
    ['timeout', { timeout: 30_001 }],
    ['timeout', { timeout: 1_000.5 }],
    ['timeout', { timeout: '5000' }],
    ['timeout', { timeout: 1e300 }],
    ['priority', { priority: 'urgent' }],
    ['retryConfig', { retryConfig: 'often' }],
    ['retryConfig', { retryConfig: 3 }],
    ['retryConfig.retries', { retryConfig: { retries: 3 } }],
    ['retryConfig.maxAttempts', { retryConfig: { maxAttempts: 51 } }],
    ['retryConfig.maxAttempts', { retryConfig: { maxAttempts: 0 } }],
    ['retryConfig.maxAttempts', { retryConfig: { maxAttempts: Number.MAX_SAFE_INTEGER } }],
    ['retryConfig.strategy', { retryConfig: { strategy: 'random' } }],
    ['retryConfig.baseDelay', { retryConfig: { baseDelay: -1 } }],
    ['retryConfig.jitter', { retryConfig: { jitter: 'yes' } }],
    ['retryConfig.schedule', { retryConfig: { schedule: [1] } }],
    ['retryConfig.schedule', { retryConfig: { strategy: 'custom' } }],
    ['retryConfig.schedule', { retryConfig: { strategy: 'custom', schedule: [] } }],
    ['retryConfig.schedule', { retryConfig: { strategy: 'custom', schedule: Array(8).fill(86_400_000) } }],
    ['retryConfig.schedule[0]', { retryConfig: { strategy: 'custom', schedule: [-1] } }],
    ['retryConfig.maxAttempts', { retryConfig: { strategy: 'custom', schedule: [1], maxAttempts: 5 } }],
    ['retryConfig.baseDelay', { retryConfig: { strategy: 'custom', schedule: [1], baseDelay: 5 } }],
    [
      'retryConfig.maxDelay',
      { retryConfig: { maxAttempts: 50, baseDelay: 604_800_000, maxDelay: 604_800_000 } },
    ],
    ['retryConfig.retryableStatuses[0]', { retryConfig: { retryableStatuses: [200] } }],
    ['retryConfig.retryableStatuses[0]', { retryConfig: { retryableStatuses: [410] } }],
    ['retryConfig.retryableStatuses[1]', { retryConfig: { retryableStatuses: [500, '3xx'] } }],
    ['retryConfig.circuitBreaker', { retryConfig: { circuitBreaker: 'on' } }],
    [
      'retryConfig.circuitBreaker',
      { retryConfig: { circuitBreaker: true }, circuitBreaker: { enabled: false } },
    ],
    ['circuitBreaker', { circuitBreaker: true }],
    ['circuitBreaker.threshold', { circuitBreaker: { threshold: 0 } }],
    ['circuitBreaker.timeout', { circuitBreaker: { timeout: 3_600_001 } }],
    ['circuitBreaker.limit', { circuitBreaker: { limit: 1 } }],
    ['rateLimit', { rateLimit: 50 }],
    ['rateLimit.perSecond', { rateLimit: {} }],
    ['rateLimit.perSecond', { rateLimit: { perSecond: 0 } }],
    ['rateLimit.perSecond', { rateLimit: { perSecond: 10_001 } }],
    ['security', { security: secret }],
    ['security.secret', { security: { secret: 'short' } }],
    ['security.secret', { security: { secret: `${secret} ` } }],
    ['security.secret', { security: { secret: `whsec_${secret}` } }],
    ['security.secret', { security: { secret: 12345678 } }],
    ['security.signatureHeader', { security: { signatureHeader: 'Content-Type' } }],
    ['security.signatureHeader', { security: { signatureHeader: 'X A' } }],
    ['security.signatureHeader', { headers: { 'x-mine': '1' }, security: { signatureHeader: 'X-Mine' } }],
    ['filters', { filters: [] }],
    ['filters', { filters: 'type = a' }],
    ['filters.logic', { filters: { logic: 'XOR', conditions: [] } }],
    ['filters.conditions[0].operator', condition({ operator: 'like' })],
    ['filters.conditions[0].operator', condition({ operator: '__proto__' })],
    ['filters.conditions[0].operator', condition({ operator: 'constructor' })],
    ['filters.conditions[0].field', condition({ field: 'body.a' })],
    ['filters.conditions[0].value', condition({ operator: 'in', value: 5 })],
    ['filters.conditions[0].value', condition({ operator: 'regex', value: longRegex })],
    ['filters.conditions[0].value', condition({ operator: 'regex', value: '(a' })],
    ['filters.conditions[0].value', condition({ operator: 'regex', value: '(?=a)b' })],
    ['filters.conditions[0].valeu', condition({ valeu: 5 })],
    ['filters.conditions', { filters: { conditions: null } }],
    ['filters.logic', { filters: { logic: null, conditions: [] } }],
    ['filters.conditions', { filters: { conditions: {} } }],
    ['metadata', { metadata: [] }],
    ['metadata.a[1]', { metadata: { a: [1, '\ud800'] } }],
    ['metadata["\\udc00"]', { metadata: { '\udc00': 1 } }],
    ['filters.conditions[0].value', condition({ value: '\ud800' })],
    ['metadata', { metadata: { a: 'x'.repeat(4_097) } }],
    ['metadata', { metadata: { a: { b: { c: { d: { e: {} } } } } } }],
  ];

  const cases = fields.map(([field, change]) => ({
    field,
    change,
    short: JSON.stringify(change).slice(0, 80),
  }));

  it.each(cases)('$field is refused by name in $short', async ({ field, change }) => {
    const text = JSON.stringify({ ...anEndpoint, ...change });
    for (const request of ['POST /api/endpoints', `PATCH /api/endpoints/${endpointId}`]) {
      const answer = await api.call(request, { text });
      expectProblem(answer, 400, 'validation_failed');
      expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
      expect(answer.body.field).toBe(field);
      expect(answer.body.accepted).toMatch(/\w/);
    }
    await expectNothingWritten();
  });

  it('filters may nest only to a limit', async () => {
    const answer = await api.call('POST /api/endpoints', {
      body: { ...anEndpoint, filters: deepFilter(30) },
    });
    expectProblem(answer, 400, 'validation_failed');
  });

  it.each([
    '{"metadata":{"__proto__":{"x":1}}}',
    '{"filters":{"__proto__":[],"conditions":[]}}',
    '{"headers":{"__proto__":"x"}}',
  ])('must not be called __proto__, at any level: %s', async (text) => {
    const answer = await api.call(`PATCH /api/endpoints/${endpointId}`, { text });
    expectProblem(answer, 400, 'validation_failed');
    expect(answer.body.field).toMatch(/\.__proto__$/);
  });

  it.each(['1e999', '-1e999', '[{"b":1e309}]'])('cannot be a number beyond doubles: %s', async (number) => {
    const text = JSON.stringify({ ...anEndpoint, metadata: { a: 'X' } }).replace('"X"', number);
    for (const request of ['POST /api/endpoints', `PATCH /api/endpoints/${endpointId}`]) {
      const answer = await api.call(request, { text });
      expectProblem(answer, 400, 'validation_failed');
      expect(answer.body.field).toMatch(/^metadata\.a/);
    }
    await expectNothingWritten();
  });

  it('may be a regular expression that would hang other engines, because it runs in linear time', async () => {
    const filters = { conditions: [{ field: 'payload.a', operator: 'regex', value: '(a+)+$' }] };
    const answer = await api.call('POST /api/endpoints', { body: { ...anEndpoint, filters } });
    expect(answer.status).toBe(201);
    await api.call(`DELETE /api/endpoints/${answer.body.id}`);
  });

  it('lists all errors, at most 20', async () => {
    const some = await api.call('POST /api/endpoints', {
      body: { name: '', url: 'x', events: [], extra: 1 },
    });
    expect(some.body.errors.map((error: { field: string }) => error.field).toSorted()).toEqual([
      'events',
      'extra',
      'name',
      'url',
    ]);
    const many = await api.call('POST /api/endpoints', {
      body: { ...anEndpoint, events: Array(50).fill(0) },
    });
    expect(many.body.errors).toHaveLength(20);
  });
});
