import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEndpointInputs } from '#core/endpoint/endpoint-input.ts';
import { endpointView } from '#core/endpoint/endpoint-view.ts';
import { currentSecret, newEndpoint, reconfigured } from '#core/endpoint/new-endpoint.ts';
import { mergePatch } from '#core/json/merge-patch.ts';
import { localPolicy, strictPolicy } from '#core/outbound/target-url.ts';
import { Problem } from '#core/problem/problem.ts';
import { re2 } from '#core/regex/re2.ts';

const inputs = createEndpointInputs(strictPolicy);
const base = { name: 'Orders', url: 'https://hooks.example.com/in', events: ['order.*'] };
const made = { id: 'ep_1', applicationId: 'default', secret: 'whsec_made', now: 1_000 };
const endpoint = (change: object = {}) => newEndpoint(inputs.parse({ ...base, ...change }), made);
const patched = (before: ReturnType<typeof endpoint>, body: unknown) =>
  reconfigured(before, inputs.patch(before, body), 2_000);

describe('an endpoint', () => {
  it('may be on this machine only if the policy allows it', () => {
    const local = { ...base, url: 'http://127.0.0.1:3000/in' };
    expect(createEndpointInputs(localPolicy).parse(local).url).toBe(local.url);
    expect(() => inputs.parse(local)).toThrow('url');
  });

  it('accepts null for fields with a default only', () => {
    const nulls = {
      headers: null,
      timeout: null,
      priority: null,
      retryConfig: null,
      circuitBreaker: null,
      rateLimit: null,
      security: null,
      filters: null,
      metadata: null,
    };
    expect(inputs.parse({ ...base, ...nulls })).toEqual(inputs.parse(base));
    for (const name of ['name', 'url', 'events']) {
      expect(() => inputs.parse({ ...base, [name]: null })).toThrow(`${name}: received null`);
    }
  });

  it.each(['x', 1, {}])('refuses %j as retryConfig.circuitBreaker', (circuitBreaker) => {
    const message = /retryConfig\.circuitBreaker: received .*; accepted: true or false$/;
    expect(() => inputs.parse({ ...base, retryConfig: { circuitBreaker } })).toThrow(message);
    expect(() => patched(endpoint(), { retryConfig: { circuitBreaker } })).toThrow(message);
  });

  it('accepts a masked value only for the value that it masks', () => {
    const before = endpoint({ headers: { Authorization: 'Bearer a-long-credential-1234', 'x-a': '1' } });
    const headers = { authorization: '****1234' };
    expect(patched(before, { headers }).headers).toEqual(before.headers);
    for (const [name, value] of [
      ['authorization', '****9999'],
      ['x-api-key', '****'],
      ['x-a', '****1234'],
    ] as const) {
      const message = `headers.${name}: received a masked value that is not the stored one`;
      expect(() => patched(before, { headers: { [name]: value } })).toThrow(message);
      expect(() => inputs.parse({ ...base, headers: { [name]: value } })).toThrow(message);
    }
  });

  it('checks regular expressions with the engine that will run them', () => {
    const filters = { conditions: [{ conditions: [{ field: 'type', operator: 'regex', value: '(a' }] }] };
    const parse = () => inputs.parse({ ...base, filters }, re2);
    expect(parse).toThrow(Problem);
    expect(parse).toThrow('filters.conditions[0].conditions[0].value');
  });

  it('never shows its secret, nor credentials in headers', () => {
    const view = endpointView(
      {
        endpoint: endpoint({
          security: { secret: 'webhook-secret-key' },
          headers: { 'X-Api-Key': 'a-very-long-credential' },
        }),
        state: { status: 'active', since: 1_000 },
      },
      1_000,
    );
    expect(JSON.stringify(view)).not.toMatch(/webhook-secret-key|very-long/);
    expect(view.headers).toEqual({ 'x-api-key': '****tial' });
  });

  it('says why the system disabled it', () => {
    const view = endpointView(
      {
        endpoint: endpoint(),
        state: { status: 'disabled', reason: '410_gone', since: 5_000 },
      },
      6_000,
    );
    expect(view).toMatchObject({
      status: 'disabled',
      statusReason: '410_gone',
      statusSince: '1970-01-01T00:00:05.000Z',
    });
  });
});

describe('a patch', () => {
  it('that is empty changes nothing but the time', () => {
    const before = endpoint({
      headers: { a: '1' },
      retryConfig: { strategy: 'custom', schedule: [1] },
      filters: { conditions: [] },
      rateLimit: { perSecond: 1 },
    });
    expect(patched(before, {})).toEqual({ ...before, updatedAt: 2_000 });
  });

  it('keeps the secrets unless it brings one', () => {
    const before = endpoint();
    expect(patched(before, { security: { signatureHeader: 'X-Mine' } }).secrets).toEqual(before.secrets);
    const after = patched(before, { security: { secret: 'another-secret' } });
    expect(after.secrets).toEqual([{ value: 'another-secret', createdAt: 2_000 }]);
    expect(currentSecret(after)).toBe('another-secret');
  });

  it('changes the signature scheme and keeps it, and standard is not stored', () => {
    const before = endpoint();
    const after = patched(before, { security: { signatureScheme: 'hook0-v1' } });
    expect(after).toMatchObject({ signatureScheme: 'hook0-v1', secrets: before.secrets });
    expect(patched(after, { name: 'another' }).signatureScheme).toBe('hook0-v1');
    expect(patched(after, { security: { signatureScheme: 'standard' } })).not.toHaveProperty(
      'signatureScheme',
    );
    expect(() => patched(before, { security: { signatureScheme: 'hook0' } })).toThrow(
      'accepted: one of standard, hook0-v1',
    );
  });

  it('cannot set the headers of a signature scheme', () => {
    const headers = { 'X-Event-Id': '1' };
    expect(patched(endpoint(), { headers }).headers).toEqual({ 'x-event-id': '1' });
    const security = { signatureScheme: 'hook0-v1' };
    expect(() => patched(endpoint(), { headers, security })).toThrow(
      'X-Event-Id and X-Event-Type are set by Hook0',
    );
    expect(() => patched(endpoint(), { security: { ...security, signatureHeader: 'x-event-type' } })).toThrow(
      'header "x-event-type" is taken',
    );
  });

  it('sees one header in two spellings', () => {
    const before = endpoint({ headers: { 'X-A': '1' } });
    expect(patched(before, { headers: { 'x-A': '2' } }).headers).toEqual({ 'x-a': '2' });
    expect(patched(before, { headers: { 'X-A': null } }).headers).toEqual({});
    expect(() => patched(before, { headers: { 'x-A': '2', 'X-a': '3' } })).toThrow('given twice');
  });

  it.each([5, 'x', [], null])('must be an object, not %j', (body) => {
    expect(() => patched(endpoint(), body)).toThrow('validation_failed');
  });

  it('has the same effect the second time', () => {
    const change = fc.record(
      {
        name: fc.constantFrom('a', 'b'),
        timeout: fc.constantFrom(null, 1_000, 30_000),
        headers: fc.constantFrom(null, {}, { a: '1' }, { A: '2', b: null }),
        retryConfig: fc.constantFrom<unknown>(
          null,
          'standard',
          {},
          { strategy: 'linear', maxAttempts: 2 },
          { strategy: 'custom', schedule: [1, 2] },
          { strategy: 'fixed', baseDelay: 5 },
        ),
        metadata: fc.constantFrom<unknown>(null, {}, { a: 1 }, { a: { b: null, c: [1] } }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(change, change, (first, second) => {
        const before = patched(endpoint(), first);
        const once = patched(before, second);
        expect(patched(once, second)).toEqual(once);
      }),
    );
  });
});

// RFC 7396, appendix A.
describe('a merge patch', () => {
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('of %j and %j is %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });
});
