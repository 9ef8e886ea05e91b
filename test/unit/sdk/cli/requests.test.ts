import { describe, expect, it } from 'vitest';
import { capturedRequest } from '#sdk/src/cli/requests/captured.ts';
import { receiverUrl } from '#sdk/src/cli/requests/forward.ts';
import { memberText } from '#sdk/src/cli/requests/member-text.ts';
import { sampleOf } from '#sdk/src/cli/requests/sample.ts';
import { runHook0 } from '#test/support/cli.ts';

const secret = 'webhook-secret-key';
const now = Date.parse('2026-01-01T00:10:00Z');

async function signed(payload = '{"n": 1.0}', ...more: readonly string[]): Promise<string> {
  const { code, out, err } = await runHook0(['sign', payload, '--secret', secret, ...more], {
    now: () => now,
  });
  if (code !== 0) throw new Error(err);
  return out;
}

const verify = (request: string | Uint8Array, ...more: readonly string[]) =>
  runHook0(['verify', 'r', ...more], {
    files: { r: request },
    env: { WEBHOOK_SECRET: secret },
    now: () => now,
  });

describe('hook0 verify', () => {
  it('accepts what hook0 sign prints, with both line ends and a request line', async () => {
    const request = await signed();
    const authentic = {
      code: 0,
      out: expect.stringMatching(/^Authentic +yes\nEvent +evt_.*\nPayload +\{"n":1\}\n$/s),
      err: '',
    };
    expect(await verify(request)).toEqual(authentic);
    const crlf = request.replaceAll('\n', '\r\n');
    expect(await verify(`POST /webhooks HTTP/1.1\r\nHost: a\r\n${crlf}`)).toEqual(authentic);
    expect(JSON.parse((await verify(request, '--json')).out)).toMatchObject({
      authentic: true,
      payload: { n: 1 },
    });
  });

  it('says why a request is not authentic, and exits with 1', async () => {
    const request = await signed();
    expect(await verify(request.replace('1.0', '2.0'))).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^Authentic +no\nBecause .*wrong_signature/),
    });
    expect(await verify(request.replace(/^webhook-id.*\n/m, ''))).toMatchObject({
      code: 1,
      out: expect.stringContaining('missing_header'),
    });
    expect(await verify(request.replace(/^(webhook-timestamp).*$/m, '$1: then'))).toMatchObject({
      code: 1,
      out: expect.stringContaining('invalid_timestamp'),
    });
    expect(await verify(request, '--secret', 'another-secret', '--json')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^\{"authentic":false,"code":"wrong_signature"/),
    });
  });

  it('remarks on the age, which counts only with a tolerance', async () => {
    const old = await signed('1', '--at', '2h');
    expect(await verify(old)).toMatchObject({
      code: 0,
      err: 'it was signed 2 h ago; receivers refuse it after 5 minutes\n',
    });
    expect(await verify(old, '--tolerance', '5m')).toMatchObject({
      code: 1,
      out: expect.stringContaining('too_old'),
    });
    expect((await verify(old, '--tolerance', '3h')).code).toBe(0);
  });

  it('says what is wrong with the file or the secret', async () => {
    expect(await verify('no headers')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no empty line'),
    });
    expect(await verify('a: b\nnonsense\n\n1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('line 2 of the request is not a header: "nonsense"'),
    });
    expect(await runHook0(['verify', 'r'], { files: { r: 'a: b\n\n1' } })).toMatchObject({
      code: 2,
      err: expect.stringContaining('a secret is missing'),
    });
    expect(await verify('a: b\n\n1', '--secret', 'short')).toMatchObject({
      code: 1,
      err: expect.not.stringContaining('short\n'),
    });
  });
});

it('reads a captured request with its body of the given length', () => {
  const read = (text: string) => {
    const { headers, body } = capturedRequest(new TextEncoder().encode(text));
    return [headers, new TextDecoder().decode(body)];
  };
  expect(read('A: 1\nContent-Length: 2\na:  2 \n\nxy\n')).toEqual([
    { a: ['1', '2'], 'content-length': ['2'] },
    'xy',
  ]);
  expect(read('A: 1\r\n\r\n\u{1F600}\n')).toEqual([{ a: ['1'] }, '\u{1F600}\n']);
  expect(read('__proto__: 1\n\n')[1]).toBe('');
});

it.each([
  [
    '{"a":"payload","payload" : {"x":[1.0,{"payload":2}],"y":"}\\""} ,"b":1}',
    '{"x":[1.0,{"payload":2}],"y":"}\\""}',
  ],
  ['{"payload":1.0}', '1.0'],
  ['{"a":{"payload":1},"payload": 12345678901234567890 }', '12345678901234567890'],
  ['{"a":["payload",{}],"payload":"\\u0041\\\\"}', '"\\u0041\\\\"'],
  ['{"a":{"payload":1}}', undefined],
])('finds the text of a member in %s', (json, text) => {
  expect(memberText(json, 'payload')).toBe(text);
});

it('finds a member of a megabyte', () => {
  const text = JSON.stringify('\\"'.repeat(250_000));
  expect(memberText(`{"a":1,"payload":${text}}`, 'payload')).toBe(text);
});

it.each([
  ['4000', 'http://localhost:4000/'],
  ['4000/webhooks', 'http://localhost:4000/webhooks'],
  ['localhost:4000', 'http://localhost:4000/'],
  ['https://a.example.com/x?y', 'https://a.example.com/x?y'],
])('completes %s', (given, url) => expect(receiverUrl(given)).toBe(url));

describe('a sample of a schema', () => {
  const sample = (schema: unknown) => sampleOf(schema, new Date('2026-01-02T03:04:05Z'));

  it.each([
    [{ const: 1 }, 1],
    [{ enum: ['a', 'b'] }, 'a'],
    [{ type: 'string', examples: ['x'] }, 'x'],
    [{ type: 'integer', default: 7 }, 7],
    [{ type: 'string', format: 'date' }, '2026-01-02'],
    [{ type: 'string', minLength: 9, maxLength: 10 }, 'exampleee'],
    [{ type: 'string', maxLength: 3 }, 'exa'],
    [{ type: 'integer', exclusiveMinimum: 4, multipleOf: 5 }, 5],
    [{ type: 'number', maximum: -2 }, -2],
    [{ type: ['null', 'boolean'] }, true],
    [{ type: 'array', items: { type: 'integer' }, minItems: 2 }, [1, 1]],
    [{ prefixItems: [{ const: 'a' }], items: { const: 'b' }, minItems: 2, type: 'array' }, ['a', 'b']],
    [{ oneOf: [{ type: 'object', required: ['a'] }, { type: 'string' }] }, { a: 'example' }],
    [
      { allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } }, required: ['c'] }] },
      { a: 1, b: 2, c: 'example' },
    ],
    [true, {}],
    [null, {}],
  ])('of %j is %j', (schema, expected) => expect(sample(schema)).toEqual(expected));

  it('ends for schemas that contain themselves', () => {
    const node = { type: 'object', properties: { next: { $ref: '#' } }, required: ['id'] };
    expect(JSON.stringify(sample(node)).length).toBeLessThan(1_000);
    expect(JSON.stringify(sample({ ...node, required: ['next'] })).length).toBeLessThan(10_000);
    expect(sample({ $ref: '#' })).toBeDefined();
  });
});
