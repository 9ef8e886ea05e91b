import { readFile } from 'node:fs/promises';
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createHttpFunction } from '#adapters/http-api/http-function.ts';
import type { HttpResponse } from '#adapters/http-api/response.ts';
import { createRouter } from '#adapters/http-api/router.ts';
import { referenceRoutes } from '#lambdas/web/routes/reference.ts';
import { referenceFiles } from '#lib/constructs/web/reference-files.ts';
import { gatewayEvent } from '#test/support/api-function.ts';
import { exchangeOf } from '#test/support/exchange.ts';
import { checkExchange } from '#test/support/openapi.ts';

const read: string[] = [];
const handler = createHttpFunction(
  createRouter({
    routes: referenceRoutes({
      readAsset: (name) => {
        read.push(name);
        return readFile(referenceFiles[`reference/${name}`] ?? name);
      },
    }),
    authenticate: () => Promise.reject(new Error('public routes need no token')),
    countRequest: async () => undefined,
    applicationExists: async () => true,
  }),
  { error: () => undefined, warn: () => undefined },
);

async function get(target: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
  const event = gatewayEvent(`${method} ${target}`, { headers });
  const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
  const response = (await handler(event, context)) as HttpResponse;
  const exchange = exchangeOf(event, response);
  checkExchange(exchange);
  return { ...exchange, sent: response.body };
}

describe('the OpenAPI document', () => {
  it.each([
    ['abc.execute-api.eu-west-1.amazonaws.com', 'https'],
    ['127.0.0.1:3000', 'http'],
    ['evil.example', 'https'],
  ])('asked for at %j over %s names a relative server, not what the caller sent', async (host, protocol) => {
    const { body } = await get('/api/openapi.json', {
      host,
      'x-forwarded-host': host,
      'x-forwarded-proto': protocol,
      forwarded: `host=${host};proto=${protocol}`,
    });

    expect(JSON.parse(body)).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/' }] });
    expect(body).not.toContain(host);
  });

  it('can be cached for minutes, and is compressed if the request accepts gzip', async () => {
    const packed = await get('/api/openapi.json', { 'accept-encoding': 'br, gzip;q=0.8' });
    const plain = await get('/api/openapi.json', { 'accept-encoding': 'gzip;q=0' });
    expect(packed.headers).toMatchObject({
      'cache-control': 'public, max-age=300',
      'content-encoding': 'gzip',
      vary: 'accept-encoding, origin',
    });
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(packed.body).toBe(plain.body);
    expect(packed.sent.length).toBeLessThan(plain.sent.length / 5);
  });
});

describe('the reference page', () => {
  it('runs no inline script and loads nothing from elsewhere', async () => {
    const { headers, body } = await get('/docs');
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(body).not.toMatch(/\bhttps?:|<script>|<style|\bon\w+=|\bstyle=/);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('has files that can be cached for a day', async () => {
    const { body } = await get('/docs');
    const files = [...body.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, file = '']) => file);
    expect(files).toEqual(['docs/swagger-ui.css', 'docs/swagger-ui-bundle.js', 'docs/start.js']);
    for (const file of files) {
      const { status, headers } = await get(`/${file}`);
      expect(status).toBe(200);
      expect(headers).toMatchObject({ 'cache-control': 'public, max-age=86400' });
      expect(headers['content-type']).toMatch(file.endsWith('.css') ? /^text\/css/ : /^text\/javascript/);
    }
  });

  it('is small enough for an answer of Lambda, also uncompressed', async () => {
    const { sent } = await get('/docs/swagger-ui-bundle.js');
    expect(Buffer.byteLength(JSON.stringify(sent))).toBeLessThan(6 * 1024 * 1024);
  });

  it.each(['index.html', 'openapi.json', 'nothing.js', '..%2Findex.mjs', 'constructor', 'a'.repeat(65)])(
    'gives no other file than those it loads: not %s',
    async (name) => {
      read.length = 0;
      expect((await get(`/docs/${name}`)).status).toBe(404);
      expect(read).toEqual([]);
    },
  );

  it('answers HEAD without the body', async () => {
    expect(await get('/docs/start.js', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });
});
