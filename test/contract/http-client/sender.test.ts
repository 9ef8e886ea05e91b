import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bodyOf, httpReceiver, onRequestHead, tcpReceiver } from '#test/support/http-receivers.ts';
import { crlf, post, sender } from '#test/support/sender.ts';

describe('a request', () => {
  it('reaches the receiver as given, with its framing and host', async () => {
    let seen: unknown;
    const receiver = await httpReceiver(async (request, response) => {
      const body = (await bodyOf(request)).toString();
      seen = { method: request.method, url: request.url, headers: request.headers, body };
      response.end();
    });

    const headers = {
      'content-type': 'application/json',
      'X-App': 'é',
      host: 'evil.example',
      'Content-Length': '1',
      Expect: '100-continue',
    };
    const result = await sender().send(post(`${receiver.origin}/hook?a=b%20c`, { headers }));

    expect(result).toMatchObject({ kind: 'answered', statusCode: 200 });
    expect(seen).toEqual({
      method: 'POST',
      url: '/hook?a=b%20c',
      headers: {
        host: `127.0.0.1:${receiver.port}`,
        'content-type': 'application/json',
        'x-app': 'é',
        'content-length': '7',
        connection: 'keep-alive',
      },
      body: '{"a":1}',
    });
  });

  it('ignores proxy variables', async () => {
    const proxy = await httpReceiver((_request, response) => response.writeHead(502).end());
    const receiver = await httpReceiver((_request, response) => response.writeHead(204).end());
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY']) {
      vi.stubEnv(name, proxy.origin);
    }
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    onTestFinished(() => void vi.unstubAllEnvs());

    expect(await sender().send(post(receiver.origin))).toMatchObject({ kind: 'answered', statusCode: 204 });
    expect(proxy.connections()).toBe(0);
  });

  it('that cannot be written fails instead of throwing, without the value', async () => {
    const receiver = await httpReceiver((_request, response) => response.end());
    const result = await sender().send(post(receiver.origin, { headers: { 'x-a': 'S3CRET\n' } }));
    expect(result).toMatchObject({ kind: 'failed', errorClass: 'protocol' });
    expect(JSON.stringify(result)).not.toContain('S3CRET');
  });
});

describe('an answer', () => {
  it('comes back with status, lower-case headers, body and duration', async () => {
    const receiver = await httpReceiver((_request, response) => {
      response
        .writeHead(
          503,
          [
            ['Retry-After', '120'],
            ['X-A', '1'],
            ['x-a', '2'],
            ['Content-Length', '4'],
          ].flat(),
        )
        .end('busy');
    });
    let clock = 1000;
    const now = () => {
      clock += 250;
      return clock;
    };
    const result = await sender({ now }).send(post(receiver.origin));
    expect(result).toMatchObject({ kind: 'answered', statusCode: 503, body: 'busy', bodyTruncated: false });
    expect(result.kind === 'answered' && result.headers).toMatchObject({
      'retry-after': '120',
      'x-a': '1, 2',
    });
    expect(result.durationMs).toBeGreaterThan(0);
    expect(result.durationMs % 250).toBe(0);
  });

  it.each([301, 302, 303, 307, 308])('of status %i is not followed', async (statusCode) => {
    const target = await httpReceiver((_request, response) => response.end());
    const receiver = await httpReceiver((_request, response) =>
      response.writeHead(statusCode, { location: target.origin }).end(),
    );
    expect(await sender().send(post(receiver.origin))).toMatchObject({ kind: 'answered', statusCode });
    expect(target.connections()).toBe(0);
  });

  it('with a body over 1 KB is cut between characters', async () => {
    const receiver = await httpReceiver((_request, response) => response.end(`a${'é'.repeat(2000)}`));
    const result = await sender().send(post(receiver.origin));
    expect(result).toMatchObject({ kind: 'answered', body: `a${'é'.repeat(511)}`, bodyTruncated: true });
  });

  it('with an endless body is taken after 64 KB and the connection destroyed', async () => {
    let written = 0;
    let closed = false;
    const receiver = await httpReceiver((_request, response) => {
      response.on('close', () => {
        closed = true;
      });
      const chunk = 'x'.repeat(16 * 1024);
      const more = () => {
        do {
          written += chunk.length;
        } while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    });
    const result = await sender().send(post(receiver.origin));
    expect(result).toMatchObject({
      kind: 'answered',
      statusCode: 200,
      body: 'x'.repeat(1024),
      bodyTruncated: true,
    });
    await expect.poll(() => closed).toBe(true);
    expect(written).toBeGreaterThan(64 * 1024);
    // What the sockets' buffers took beyond the limit.
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  it('that is compressed unasked is not inflated', async () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));
    const receiver = await httpReceiver((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    expect(await sender().send(post(receiver.origin))).toMatchObject({
      kind: 'answered',
      statusCode: 200,
      body: '(gzip, not decoded)',
    });
  });

  it('keeps at most 50 headers and 8 KB of them, Retry-After always', async () => {
    const many = Array.from({ length: 200 }, (_, i) => [`x-${i}`, 'v']).flat();
    const large = Array.from({ length: 12 }, (_, i) => [`x-${i}`, 'v'.repeat(1000)]).flat();
    for (const headers of [many, large]) {
      const receiver = await httpReceiver((_request, response) =>
        response.writeHead(429, [...headers, 'Retry-After', '7']).end(),
      );
      const result = await sender().send(post(receiver.origin));
      const kept = result.kind === 'answered' ? result.headers : {};
      expect(kept['retry-after']).toBe('7');
      expect(Object.keys(kept).length).toBeLessThanOrEqual(50);
      expect(Object.entries(kept).flat().join('').length).toBeLessThanOrEqual(8192);
    }
  });

  it('is the final one after 1xx', async () => {
    const receiver = await tcpReceiver((socket) => {
      onRequestHead(socket, () => {
        socket.write(
          crlf('HTTP/1.1 100 Continue') +
            crlf('HTTP/1.1 102 Processing') +
            crlf('HTTP/1.1 103 Early Hints', 'link: </a>'),
        );
        socket.write(crlf('HTTP/1.1 202 Accepted', 'content-length: 0'));
      });
    });
    expect(await sender().send(post(receiver.origin))).toMatchObject({ kind: 'answered', statusCode: 202 });
  });

  it.each([
    ['closes', (socket: Socket) => socket.destroy()],
    ['ends', (socket: Socket) => socket.end()],
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
  ])('before the request was read counts, though the receiver then %s the connection', async (_how, end) => {
    const receiver = await tcpReceiver((socket) => {
      socket.once('data', () => {
        socket.pause().write(crlf('HTTP/1.1 413 Too Large', 'content-length: 0'), () => end(socket));
      });
    });
    const body = new Uint8Array(8 * 1024 * 1024);
    expect(await sender().send(post(receiver.origin, { body }))).toMatchObject({
      kind: 'answered',
      statusCode: 413,
    });
  });

  it('that comes before the request was read counts, and ends the connection', async () => {
    let received = 0;
    let closed = false;
    const accepted: Socket[] = [];
    const receiver = await tcpReceiver((socket) => {
      accepted.push(socket.pause());
      socket.on('data', (chunk) => {
        received += chunk.length;
      });
      socket.on('close', () => {
        closed = true;
      });
      socket.write(crlf('HTTP/1.1 413 Too Large', 'content-length: 0'));
    });
    const body = new Uint8Array(64 * 1024 * 1024);
    expect(await sender().send(post(receiver.origin, { body }))).toMatchObject({
      kind: 'answered',
      statusCode: 413,
    });
    accepted[0]?.resume();
    await expect.poll(() => closed, { timeout: 5000 }).toBe(true);
    expect(received).toBeLessThan(body.length);
  });
});
