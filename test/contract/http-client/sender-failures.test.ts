import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { httpReceiver, onRequestHead, tcpReceiver } from '#test/support/http-receivers.ts';
import { crlf, post, sender } from '#test/support/sender.ts';

describe('a failure', () => {
  it('to connect is connect', async () => {
    const receiver = await tcpReceiver((socket) => socket.destroy());
    const { origin, port } = receiver;
    // Port 1 is privileged and unassigned on any sane machine; a port that was just free may be taken by another test.
    const result = await sender().send(post(origin.replace(`:${port}`, ':1')));
    expect(result).toMatchObject({
      kind: 'failed',
      errorClass: 'connect',
      message: '127.0.0.1: no connection (ECONNREFUSED)',
    });
  });

  it('before an answer is reset, and nothing is sent again', async () => {
    let requests = 0;
    const receiver = await tcpReceiver((socket) => {
      onRequestHead(socket, () => {
        requests += 1;
        socket.resetAndDestroy();
      });
    });
    const result = await sender().send(post(`${receiver.origin}/p4th?token=S3CRET`));
    expect(result).toMatchObject({ kind: 'failed', errorClass: 'reset' });
    expect(JSON.stringify(result)).not.toMatch(/S3CRET|p4th/);
    expect(requests).toBe(1);
  });

  it.each([
    ['a reset', (end: () => void) => end()],
    ['the end of the connection', (_reset: () => void, end: () => void) => end()],
  ])('in the middle of an answer by %s is reset', async (_how, choose) => {
    const receiver = await tcpReceiver((socket) => {
      onRequestHead(socket, () => {
        socket.write(`${crlf('HTTP/1.1 200 OK', 'content-length: 100')}half`, () => {
          choose(
            () => socket.resetAndDestroy(),
            () => socket.end(),
          );
        });
      });
    });
    expect(await sender().send(post(receiver.origin))).toMatchObject({ kind: 'failed', errorClass: 'reset' });
    expect(receiver.connections()).toBe(1);
  });

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['two lengths', `${crlf('HTTP/1.1 200 OK', 'content-length: 2', 'content-length: 3')}abc`],
    ['a broken chunk', `${crlf('HTTP/1.1 200 OK', 'transfer-encoding: chunked')}zz\r\nabc`],
    ['endless headers', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}`],
    ['an upgrade', crlf('HTTP/1.1 101 Switching Protocols', 'connection: upgrade', 'upgrade: websocket')],
  ])('by %s is protocol', async (_what, bytes) => {
    const receiver = await tcpReceiver((socket) => onRequestHead(socket, () => socket.write(bytes)));
    expect(await sender().send(post(receiver.origin))).toMatchObject({
      kind: 'failed',
      errorClass: 'protocol',
    });
  });

  it('of a plain HTTP server that is called by TLS is tls', async () => {
    const receiver = await httpReceiver((_request, response) => response.end());
    const result = await sender().send(post(receiver.origin.replace('http', 'https')));
    expect(result).toMatchObject({ kind: 'failed', errorClass: 'tls' });
  });
});

describe('the deadline', () => {
  const deadlineMs = 300;

  /** Sends one piece after another while the connection is open. */
  function drip(start: string, piece: string) {
    return tcpReceiver((socket) => {
      onRequestHead(socket, () => {
        socket.write(start);
        const timer = setInterval(() => socket.write(piece), 20);
        socket.on('close', () => clearInterval(timer));
      });
    });
  }

  it.each([
    ['silence', '', '', 'waiting for an answer'],
    ['dripped headers', 'HTTP/1.1 200 OK\r\nx: ', 'a', 'reading the answer'],
    ['a dripped body', crlf('HTTP/1.1 200 OK', 'content-length: 100000'), 'a', 'reading the answer'],
    ['dripped empty lines', '', '\r\n', 'waiting for an answer'],
  ])('ends %s', async (_what, start, piece, phase) => {
    const receiver = await drip(start, piece);
    const result = await sender().send(post(receiver.origin, { deadlineMs }));
    expect(result).toMatchObject({
      kind: 'failed',
      errorClass: 'timeout',
      message: `127.0.0.1: the deadline passed while ${phase}`,
    });
    expect(result.durationMs).toBeGreaterThanOrEqual(deadlineMs - 10);
  });

  it('ends a request that the receiver does not read', async () => {
    const receiver = await tcpReceiver((socket) => socket.pause());
    const body = new Uint8Array(64 * 1024 * 1024);
    const result = await sender().send(post(receiver.origin, { body, deadlineMs }));
    expect(result).toMatchObject({ kind: 'failed', errorClass: 'timeout' });
  });

  it('covers name resolution, and what resolves later is not connected to', async () => {
    const receiver = await httpReceiver((_request, response) => response.end());
    const gate = Promise.withResolvers<void>();
    const { send } = sender({ lookup: () => gate.promise.then(() => ['127.0.0.1']) });
    const result = await send(post(`http://slow.example.com:${receiver.port}/`, { deadlineMs }));
    expect(result).toMatchObject({
      kind: 'failed',
      errorClass: 'timeout',
      message: 'slow.example.com: the deadline passed while resolving',
    });
    gate.resolve();
    await wait(50);
    expect(receiver.connections()).toBe(0);
  });

  it.each([{ deadlineMs: 0 }, { deadlineMs: -5 }, { signal: AbortSignal.abort() }])(
    'that has passed already (%o) sends nothing',
    async (overrides) => {
      const receiver = await httpReceiver((_request, response) => response.end());
      const result = await sender().send(post(receiver.origin, overrides));
      expect(result).toMatchObject({ kind: 'failed', errorClass: 'timeout' });
      await wait(50);
      expect(receiver.connections()).toBe(0);
    },
  );

  it('comes early when the caller says so', async () => {
    const arrived = Promise.withResolvers<void>();
    const receiver = await httpReceiver(() => arrived.resolve());
    const caller = new AbortController();
    const sending = sender().send(post(receiver.origin, { signal: caller.signal }));
    await arrived.promise;
    caller.abort();
    expect(await sending).toMatchObject({ kind: 'failed', errorClass: 'timeout' });
  });

  it('ends one request and not another one at the same time', async () => {
    const slow = await tcpReceiver(() => undefined);
    const fine = await httpReceiver((_request, response) => response.end('fine'));
    const { send } = sender();
    const [first, second] = await Promise.all([
      send(post(slow.origin, { deadlineMs })),
      send(post(fine.origin)),
    ]);
    expect(first).toMatchObject({ kind: 'failed', errorClass: 'timeout' });
    expect(second).toMatchObject({ kind: 'answered', body: 'fine' });
  });
});
