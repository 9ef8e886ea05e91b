import { validateHeaderName, validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskHeaders } from '#core/outbound/header-mask.ts';
import {
  checkEndpointHeaders,
  checkSignatureHeader,
  defaultSignatureHeader,
} from '#core/outbound/header-rules.ts';

describe('checkEndpointHeaders', () => {
  it('returns the headers under lower-case names', () => {
    expect(checkEndpointHeaders({ 'X-App-ID': 'your-app-id', Authorization: 'Bearer é ~' })).toEqual({
      ok: true,
      headers: { 'x-app-id': 'your-app-id', authorization: 'Bearer é ~' },
    });
    expect(checkEndpointHeaders({})).toEqual({ ok: true, headers: {} });
    expect(checkEndpointHeaders({ 'x-empty': '' })).toEqual({ ok: true, headers: { 'x-empty': '' } });
  });

  it('takes a header that is given twice alike once, and refuses two different values', () => {
    expect(checkEndpointHeaders({ 'X-A': '1', 'x-a': '1' })).toEqual({ ok: true, headers: { 'x-a': '1' } });
    expect(checkEndpointHeaders({ 'X-A': '1', 'x-a': '2' })).toMatchObject({
      ok: false,
      code: 'header_duplicate',
      header: 'x-a',
    });
  });

  it('keeps a header called __proto__ a header', () => {
    const result = checkEndpointHeaders(JSON.parse('{"__proto__":"1"}'));
    expect(result.ok && Object.entries(result.headers)).toEqual([['__proto__', '1']]);
  });

  it.each([
    'Host',
    'content-type',
    'Content-Length',
    'CONTENT-MD5',
    'connection',
    'TE',
    'trailer',
    'Proxy-Authorization',
    'proxy-connection',
    'expect',
    'upgrade',
    'keep-alive',
    'transfer-encoding',
    'User-Agent',
    'accept-encoding',
    'webhook-id',
    'Webhook-Signature',
    'X-Hook0-Event-Id',
    'x-hook0-signature',
    'x-amz-date',
    'X-Amzn-Trace-Id',
  ])('refuses %s, naming it and what is accepted', (name) => {
    const result = checkEndpointHeaders({ 'x-fine': '1', [name]: '1' });
    expect(result).toMatchObject({ ok: false, code: 'header_refused', header: name });
    expect(result.ok ? '' : result.message).toContain(
      `header "${name}" is set by Hook0 or by HTTP; accepted: any but`,
    );
  });

  it.each(['', ' ', 'x a', 'x:', 'x\r\n', 'x\0', 'é', '(x)', 'x,y', 'a'.repeat(65)])(
    'refuses the name %j',
    (name) => {
      expect(checkEndpointHeaders({ [name]: '1' })).toMatchObject({
        ok: false,
        code: 'header_name',
        header: name,
      });
    },
  );

  it.each([
    'a\r\nx-evil: 1',
    'a\nb',
    'a\rb',
    'a\0b',
    'a\tb',
    'a\x7fb',
    'a\x80b',
    'a\x9fb',
    'a\u0100b',
    'a\u2028b',
    '😀',
    ' a',
    'a ',
    ' ',
    'a'.repeat(1025),
  ])('refuses the value %j without repeating it', (value) => {
    const result = checkEndpointHeaders({ 'x-a': value });
    expect(result).toMatchObject({ ok: false, code: 'header_value', header: 'x-a' });
    if (value.trim().length > 1) {
      expect(result.ok ? '' : result.message).not.toContain(value);
    }
  });

  it('accepts 20 headers, 64-character names, 1,024-character values, 4,096 characters together; not one more', () => {
    const headers = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, '1']));
    expect(checkEndpointHeaders(headers(20)).ok).toBe(true);
    expect(checkEndpointHeaders(headers(21))).toMatchObject({ ok: false, code: 'headers_too_many' });

    expect(checkEndpointHeaders({ ['a'.repeat(64)]: 'b'.repeat(1024) }).ok).toBe(true);

    const four = {
      aaaa: 'v'.repeat(1020),
      bbbb: 'v'.repeat(1020),
      cccc: 'v'.repeat(1020),
      dddd: 'v'.repeat(1020),
    };
    expect(checkEndpointHeaders(four).ok).toBe(true);
    expect(checkEndpointHeaders({ ...four, dddd: 'v'.repeat(1021) })).toMatchObject({
      ok: false,
      code: 'headers_too_large',
    });
  });

  it('accepts nothing that node:http would refuse to write', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.string({ unit: fc.constantFrom('a', ' ', 'é', '\x7f', '\r') }),
    );
    fc.assert(
      fc.property(text, text, (name, value) => {
        const result = checkEndpointHeaders({ [name]: value });
        if (result.ok) {
          for (const [keptName, keptValue] of Object.entries(result.headers)) {
            validateHeaderName(keptName);
            validateHeaderValue(keptName, keptValue);
            expect(keptName).toBe(name.toLowerCase());
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('checkSignatureHeader', () => {
  it.each(['X-Signature', 'x-hub-signature-256', defaultSignatureHeader, 'x-hook0-signature'])(
    'accepts %s as written',
    (name) => {
      expect(checkSignatureHeader(name, { 'x-app-id': '1' })).toEqual({ ok: true, name });
    },
  );

  it.each([
    ['Host', 'header_refused'],
    ['webhook-signature', 'header_refused'],
    ['X-Hook0-Event-Id', 'header_refused'],
    ['X-Hook0-Signature-2', 'header_refused'],
    ['', 'header_name'],
    ['x y', 'header_name'],
    ['X-App-ID', 'header_duplicate'],
  ])('refuses %j: %s', (name, code) => {
    expect(checkSignatureHeader(name, { 'x-app-id': '1' })).toMatchObject({ ok: false, code, header: name });
  });
});

describe('maskHeaders', () => {
  it.each([
    'authorization',
    'x-auth',
    'x-api-key',
    'X-Api-Token',
    'cookie',
    'x-client-secret',
    'x-password',
    'x-passwd',
    'x-signature',
    'x-session',
    'x-jwt',
    'x-passphrase',
    'x-pre-authorized',
  ])('hides the value of %s', (name) => {
    expect(maskHeaders({ [name]: 'short-value' })).toEqual({ [name]: '****' });
    expect(maskHeaders({ [name]: 'Bearer 0123456789abcd' })).toEqual({ [name]: '****abcd' });
  });

  it.each([
    'Bearer abc',
    'Basic dXNlcjpwYXNz',
    'sk_live_abc',
    'ghp_abc',
    'glpat-abc',
    'xoxb-1-2',
    'whsec_abc',
    'AKIAIOSFODNN7EXA',
    'eyJhbGciOi.eyJz.x-',
    'id=sk_live_abc',
  ])('hides %s under any name', (value) => {
    expect(maskHeaders({ 'x-app': value })).toEqual({ 'x-app': '****' });
  });

  it('leaves the others as they are', () => {
    const headers = {
      'x-app-id': 'your-app-id',
      'x-region': 'eu',
      'x-long': 'a'.repeat(100),
      'x-plan': 'basic',
      'x-desk': 'task_lives_here',
    };
    expect(maskHeaders(headers)).toEqual(headers);
  });

  it('never shows more than a fifth of a hidden value', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9]{1,80}$/), (value) => {
        const shown = maskHeaders({ authorization: value }).authorization?.replace('****', '') ?? '';
        expect(shown.length * 5).toBeLessThanOrEqual(value.length);
        expect(value.endsWith(shown)).toBe(true);
      }),
    );
  });
});
