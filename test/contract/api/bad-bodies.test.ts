import { describe, expect, it } from 'vitest';
import { api } from '#test/support/api-fixture.ts';
import { anEndpoint, type CallOptions, gatewayEvent } from '#test/support/api-function.ts';
import {
  apiWithEndpoint,
  endpointId,
  expectNothingWritten,
  expectProblem,
  secret,
} from '#test/support/bad-input.ts';

apiWithEndpoint();

const nested = (levels: number, open: string, close: string) =>
  `${open.repeat(levels)}${close.repeat(levels)}`;

describe('a body that is not an endpoint', () => {
  const bodies: [what: string, options: CallOptions, status: number, code: string][] = [
    ['nothing', {}, 400, 'body_missing'],
    ['blanks', { text: ' \n ' }, 400, 'body_missing'],
    ['broken JSON', { text: '{"name": "x",' }, 400, 'invalid_json'],
    ['a trailing comma', { text: '{"name": "x",}' }, 400, 'invalid_json'],
    ['a bare NaN', { text: '{"timeout": NaN}' }, 400, 'invalid_json'],
    ['a byte order mark', { text: '\ufeff{}' }, 400, 'invalid_json'],
    ['a secret in broken JSON', { text: `{"security": {"secret": "${secret}"` }, 400, 'invalid_json'],
    ['100,000 arrays', { text: nested(100_000, '[', ']') }, 400, 'json_too_deep'],
    ['100,000 objects', { text: nested(100_000, '{"a":', '}') }, 400, 'json_too_deep'],
    [
      '100,000 levels in metadata',
      { text: `{"metadata":${nested(100_000, '[', ']')}}` },
      400,
      'json_too_deep',
    ],
    [
      'more than 5 MiB',
      { text: JSON.stringify({ name: 'x'.repeat(5 * 1024 * 1024) }) },
      413,
      'body_too_large',
    ],
    [
      'a form',
      { text: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    ['text', { text: '{}', headers: { 'content-type': 'text/plain' } }, 415, 'unsupported_media_type'],
    [
      'UTF-16',
      { text: '{}', headers: { 'content-type': 'application/json; charset=utf-16' } },
      415,
      'unsupported_media_type',
    ],
    ['null', { text: 'null' }, 400, 'validation_failed'],
    ['an array', { text: '[]' }, 400, 'validation_failed'],
    ['a string', { text: '"x"' }, 400, 'validation_failed'],
    ['an empty object', { text: '{}' }, 400, 'validation_failed'],
    ['__proto__', { text: '{"__proto__": {"name": "x"}}' }, 400, 'validation_failed'],
    ['an escaped __proto__', { text: '{"\\u005f_proto__": {"name": "x"}}' }, 400, 'validation_failed'],
    [
      'a million unknown fields',
      { text: `{${Array.from({ length: 60_000 }, (_, n) => `"k${n}":0`)}}` },
      400,
      'validation_failed',
    ],
    [
      'a million wrong elements',
      { body: { ...anEndpoint, events: Array(300_000).fill(1) } },
      400,
      'validation_failed',
    ],
  ];

  it.each(bodies)('is refused when it is %s', async (_, options, status, code) => {
    for (const request of ['POST /api/endpoints', `PATCH /api/endpoints/${endpointId}`]) {
      // An empty patch is a patch.
      if (request.startsWith('PATCH') && options.text === '{}' && options.headers === undefined) continue;
      expectProblem(await api.call(request, options), status, code);
    }
    await expectNothingWritten();
  });

  it('is refused when it is not UTF-8', async () => {
    const event = gatewayEvent('POST /api/endpoints', { token: api.operator, text: '{}' });
    const body = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64');
    expectProblem(await api.send({ ...event, body, isBase64Encoded: true }), 400, 'body_not_utf8');
  });

  it('is refused when it has a key twice, and the error names the key', async () => {
    const text = `{"name": "x", "retryConfig": {"maxAttempts": 3, "max\\u0041ttempts": 5}, "a": "${secret}"}`;
    for (const request of ['POST /api/endpoints', `PATCH /api/endpoints/${endpointId}`]) {
      const answer = await api.call(request, { text });
      expectProblem(answer, 400, 'validation_failed');
      expect(answer.body).toMatchObject({
        field: 'retryConfig.maxAttempts',
        detail: expect.stringContaining('the key /retryConfig/maxAttempts more than once'),
      });
    }
    await expectNothingWritten();
  });

  it('is refused with the position of the JSON error', async () => {
    const { body } = await api.call('POST /api/endpoints', { text: '{\n  "name": tru\n}' });
    expect(body.detail).toBe("the body is not JSON: unexpected 't' at position 12 (line 2, column 11)");
  });
});
