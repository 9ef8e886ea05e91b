import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '#adapters/http-api/cursor.ts';
import { createHttpFunction } from '#adapters/http-api/http-function.ts';
import { readText } from '#adapters/http-api/json-body.ts';
import { readPage } from '#adapters/http-api/page.ts';
import { toRequest } from '#adapters/http-api/request.ts';
import { type HttpResponse, json } from '#adapters/http-api/response.ts';
import { Problem } from '#core/problem/problem.ts';
import { AlreadyExists, NotFound, VersionConflict } from '#core/problem/store-errors.ts';
import { gatewayEvent } from '#test/support/api-function.ts';

const secret = 'hk0_a_secret_that_nobody_may_see';

async function answer(handle: () => Promise<HttpResponse>) {
  const lines: unknown[] = [];
  const log = (message: string, fields: Record<string, unknown>) => void lines.push({ message, ...fields });
  const handler = createHttpFunction(handle, { error: log, warn: log });
  const event = gatewayEvent('POST /x', { token: secret, body: { secret } });
  const response = (await handler(event, {} as Context)) as HttpResponse;
  return {
    response,
    body: response.body && JSON.parse(response.body),
    lines,
    requestId: event.requestContext.requestId,
  };
}

const failing = (error: unknown) =>
  answer(async () => {
    throw error;
  });

const named = (name: string, more: object = {}) =>
  Object.assign(new Error('table arn:aws:… said no'), { name, ...more });

describe('an HTTP function', () => {
  it.each([
    ['an answer', () => answer(async () => json(200, {}))],
    ['a problem', () => failing(new Problem('not_found', { detail: 'nothing' }))],
    ['a crash', () => failing(new Error('boom'))],
  ])('puts the security headers and the request id on %s', async (_, run) => {
    const { response, requestId } = await run();
    expect(response.headers).toMatchObject({
      'strict-transport-security': expect.stringMatching(/^max-age=\d{8,}/),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'x-request-id': requestId,
    });
  });

  it('answers a crash with 500 and the request id, and logs the error', async () => {
    const { body, lines, requestId } = await failing(new Error('the table is on fire'));
    expect(body).toEqual({
      type: 'urn:hook0:problem:internal_error',
      title: expect.any(String),
      status: 500,
      code: 'internal_error',
      detail: expect.not.stringContaining('fire'),
      requestId,
    });
    expect(lines).toEqual([
      expect.objectContaining({
        requestId,
        errorMessage: 'the table is on fire',
        stack: expect.stringContaining('.ts'),
      }),
    ]);
    expect(JSON.stringify(lines)).not.toContain(secret);
  });

  it.each([
    ['a string', 'boom'],
    ['nothing', undefined],
    ['null', null],
  ])('survives a thrown %s', async (_, thrown) => {
    expect((await failing(thrown)).response.statusCode).toBe(500);
  });

  it.each([
    [new NotFound('there is no application "x"'), 404, 'not_found', undefined],
    [new AlreadyExists('taken'), 409, 'already_exists', undefined],
    [new VersionConflict('busy'), 503, 'contended', '1'],
    [named('ThrottlingException', { $fault: 'client' }), 503, 'unavailable', '2'],
    [named('ProvisionedThroughputExceededException'), 503, 'unavailable', '2'],
    [named('InternalServerError', { $fault: 'server' }), 503, 'unavailable', '2'],
    [named('Error', { code: 'ECONNREFUSED' }), 503, 'unavailable', '2'],
    [named('TimeoutError'), 503, 'unavailable', '2'],
    [named('ValidationException', { $fault: 'client' }), 500, 'internal_error', undefined],
    [named('AccessDeniedException', { $fault: 'client' }), 500, 'internal_error', undefined],
  ])('answers %s with %d %s', async (error, status, code, retryAfter) => {
    const { response, body } = await failing(error);
    expect(response.statusCode).toBe(status);
    expect(body).toMatchObject({ status, code });
    expect(response.headers['retry-after']).toBe(retryAfter);
    expect(response.body).not.toContain('arn:');
  });
});

describe('the text of a body', () => {
  const read = (text: string) => readText(toRequest(gatewayEvent('POST /x', { text })));

  it('keeps the text as it was sent', () => {
    const text = '{"n": 12345678901234567890, "n":1.0}';
    expect(read(text)).toBe(text);
  });

  it.each([
    undefined,
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/json;charset="utf-8"',
  ])('accepts the content-type %s', (contentType) => {
    const event = gatewayEvent('POST /x', { text: '{}' });
    const headers = contentType === undefined ? {} : { 'Content-Type': contentType };
    expect(readText(toRequest({ ...event, headers }))).toBe('{}');
  });

  it.each([undefined, 'identity', 'Identity'])('accepts the content-encoding %s', (encoding) => {
    const event = gatewayEvent('POST /x', { text: '{}' });
    const headers = encoding === undefined ? {} : { 'Content-Encoding': encoding };
    expect(readText(toRequest({ ...event, headers }))).toBe('{}');
  });

  it.each(['gzip', 'br', 'identity, gzip', 'x-unknown'])(
    'refuses the content-encoding %s by name',
    (encoding) => {
      const event = gatewayEvent('POST /x', { text: '{}' });
      const request = toRequest({ ...event, headers: { 'Content-Encoding': encoding } });
      expect(() => readText(request)).toThrow(
        expect.objectContaining({
          ...{ code: 'unsupported_media_type', status: 415, field: 'content-encoding' },
          ...{ detail: expect.stringContaining(`"${encoding}"`), headers: { 'accept-encoding': 'identity' } },
        }),
      );
    },
  );

  it('decodes base64, as API Gateway sends it for some bodies', () => {
    const event = gatewayEvent('POST /x', { text: '' });
    const body = Buffer.from('{"a":"ü"}').toString('base64');
    expect(readText(toRequest({ ...event, body, isBase64Encoded: true }))).toBe('{"a":"ü"}');
  });

  it('counts the size in bytes', () => {
    const fits = JSON.stringify('ü'.repeat((5 * 1024 * 1024 - 2) / 2));
    expect(read(fits)).toHaveLength(fits.length);
    expect(() => read(`${fits} `)).toThrow('body_too_large');
  });
});

describe('cursors', () => {
  const position = fc.stringMatching(/^[\x21-\x7e]{1,256}$/);

  it('carry any position, for the list they came from only', () => {
    fc.assert(
      fc.property(position, fc.array(fc.string()), fc.array(fc.string()), (text, list, other) => {
        const cursor = encodeCursor(list, text);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor(list, cursor)).toBe(text);
        if (JSON.stringify(list) !== JSON.stringify(other))
          expect(() => decodeCursor(other, cursor)).toThrow('invalid_cursor');
      }),
    );
  });

  it('refuse other texts', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        (text) => {
          expect(() => decodeCursor(['x'], text)).toThrow('invalid_cursor');
        },
      ),
    );
  });
});

describe('a page', () => {
  it('that is too large for one answer is read again with a smaller limit', async () => {
    const limits: number[] = [];
    const item = 'x'.repeat(1024 * 1024);
    const read = async ({ limit }: { limit: number }) => {
      limits.push(limit);
      return { items: Array<string>(limit).fill(item), next: String(limit) };
    };
    const { data, nextCursor } = await readPage(['x'], { limit: '10' }, read, (text) => text);
    expect(limits).toEqual([10, 5, 3, 2]);
    expect(data).toHaveLength(2);
    expect(decodeCursor(['x'], nextCursor ?? '')).toBe('2');
  });
});
