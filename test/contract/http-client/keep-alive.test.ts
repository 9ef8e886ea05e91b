import type { Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSender, type SenderOptions } from '#adapters/http-client/guarded-request.ts';
import { localPolicy } from '#core/outbound/target-url.ts';
import { selfSignedCertificate } from '#test/support/certificate.ts';
import { httpReceiver, httpsReceiver, onRequestHead, tcpReceiver } from '#test/support/http-receivers.ts';
import { crlf } from '#test/support/sender.ts';

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

function sender(options: Partial<SenderOptions> = {}) {
  const made = createSender({ policy: localPolicy, ...options });
  onTestFinished(made.close);
  return (url: string) => made.send({ url, headers: {}, body: new Uint8Array(3), deadlineMs: 30_000 });
}

describe('a kept connection', () => {
  it('serves the next request', async () => {
    const receiver = await httpReceiver((_request, response) => response.end('x'));
    const send = sender();
    for (let i = 0; i < 5; i++) {
      expect(await send(receiver.origin)).toMatchObject({ kind: 'answered', statusCode: 200 });
    }
    expect(receiver.connections()).toBe(1);
  });

  it.each([
    ['resets', (socket: { resetAndDestroy(): unknown }) => socket.resetAndDestroy()],
    ['closes', (socket: { destroy(): unknown }) => socket.destroy()],
  ])('that the receiver %s instead of answering is replaced, once', async (_how, end) => {
    const delivered: number[] = [];
    const receiver = await tcpReceiver((socket, connection) => {
      let requests = 0;
      onRequestHead(socket, () => {
        requests += 1;
        if (connection === 1 && requests === 2) {
          end(socket);
        } else {
          delivered.push(connection);
          socket.write(ok);
        }
      });
    });
    const send = sender();
    expect(await send(receiver.origin)).toMatchObject({ kind: 'answered' });
    expect(await send(receiver.origin)).toMatchObject({ kind: 'answered' });
    expect(delivered).toEqual([1, 2]);
    expect(receiver.connections()).toBe(2);
  });

  it('is replaced by a new one, and the request is not sent a third time', async () => {
    let attempts = 0;
    const held: { write(text: string): unknown }[] = [];
    const receiver = await tcpReceiver((socket) => {
      onRequestHead(socket, () => {
        attempts += 1;
        // Two connections are kept; from then on everything is reset.
        if (attempts > 2) {
          socket.resetAndDestroy();
        } else if (attempts === 2) {
          for (const waiting of held) {
            waiting.write(ok);
          }
          socket.write(ok);
        } else {
          held.push(socket);
        }
      });
    });
    const send = sender();
    await Promise.all([send(receiver.origin), send(receiver.origin)]);
    expect(receiver.connections()).toBe(2);

    expect(await send(receiver.origin)).toMatchObject({ kind: 'failed', errorClass: 'reset' });
    expect(attempts).toBe(4);
    expect(receiver.connections()).toBe(3);
  });

  it('that breaks after the first byte of an answer is a failure, not a reason to send again', async () => {
    let attempts = 0;
    const receiver = await tcpReceiver((socket) => {
      onRequestHead(socket, () => {
        attempts += 1;
        socket.write(attempts === 1 ? ok : 'H', () => attempts > 1 && socket.destroy());
      });
    });
    const send = sender();
    await send(receiver.origin);
    expect(await send(receiver.origin)).toMatchObject({ kind: 'failed' });
    expect(attempts).toBe(2);
  });

  it('is not used after the idle time, though timers stood still meanwhile', async () => {
    const receiver = await httpReceiver((_request, response) => response.end());
    let clock = 0;
    const send = sender({ now: () => clock, keepAliveMs: 4000 });
    await send(receiver.origin);
    clock += 4000;
    await send(receiver.origin);
    expect(receiver.connections()).toBe(1);
    clock += 4001;
    await send(receiver.origin);
    expect(receiver.connections()).toBe(2);
  });

  it('is closed after the idle time', async () => {
    let closed = false;
    const receiver = await httpReceiver((request, response) => {
      request.socket.on('close', () => {
        closed = true;
      });
      response.end();
    });
    await sender({ keepAliveMs: 50 })(receiver.origin);
    await expect.poll(() => closed, { timeout: 4000 }).toBe(true);
  });

  it('works the same under TLS, where closing sends bytes that are not an answer', async () => {
    const certificate = selfSignedCertificate('receiver.example.com');
    let requests = 0;
    const receiver = await httpsReceiver(certificate, (request, response) => {
      requests += 1;
      if (requests === 2) {
        request.socket.end();
      } else {
        response.end('x');
      }
    });
    const send = sender({ ca: certificate.cert, lookup: async () => ['127.0.0.1'] });
    const url = `https://receiver.example.com:${receiver.port}/`;
    expect(await send(url)).toMatchObject({ kind: 'answered', body: 'x' });
    expect(receiver.connections()).toBe(1);
    expect(await send(url)).toMatchObject({ kind: 'answered', body: 'x' });
    expect(requests).toBe(3);
    expect(receiver.connections()).toBe(2);
  });
});

const late = [
  ['a body', '{}'],
  ['half an answer', 'HTTP/1.1 500 Late\r\ncontent-le'],
  ['an answer', 'HTTP/1.1 500 Late\r\ncontent-length: 0\r\n\r\n'],
  ['an empty line', '\r\n'],
] as const;

describe('what comes late on a kept connection', () => {
  /** A receiver that answers each request, and the connections to it. */
  async function answering() {
    const sockets: Socket[] = [];
    const receiver = await tcpReceiver((socket) => {
      sockets.push(socket);
      onRequestHead(socket, () => socket.write(ok));
    });
    return { receiver, sockets };
  }

  it.each(late)('never reaches the next request, if it comes before that: %s', async (_what, bytes) => {
    const { receiver, sockets } = await answering();
    // Long enough that only the bytes close the connection.
    const send = sender({ keepAliveMs: 600_000 });
    expect(await send(receiver.origin)).toMatchObject({ kind: 'answered', statusCode: 200 });
    await new Promise((resolve) => sockets[0]?.on('close', resolve).write(bytes));
    expect(await send(receiver.origin)).toMatchObject({ kind: 'answered', statusCode: 200 });
    expect(receiver.connections()).toBe(2);
  });

  it.each(late)('nor if the kernel has it when that begins: %s', async (_what, bytes) => {
    const { receiver, sockets } = await answering();
    const send = sender();
    expect(await send(receiver.origin)).toMatchObject({ kind: 'answered', statusCode: 200 });
    // Loopback hands it over at once; this process reads it at its next turn.
    await new Promise((resolve) => sockets[0]?.write(bytes, resolve));
    expect(await send(receiver.origin)).toMatchObject({ kind: 'answered', statusCode: 200 });
    expect(receiver.connections()).toBe(2);
  });

  it('if it is no answer, nor when it comes after the next request: that gets a new connection', async () => {
    const requests: number[] = [];
    const receiver = await tcpReceiver((socket, connection) =>
      onRequestHead(socket, () => {
        requests.push(connection);
        socket.write(requests.length === 2 ? `{}${ok}` : ok);
      }),
    );
    const send = sender();
    await send(receiver.origin);
    expect(await send(receiver.origin)).toMatchObject({ kind: 'answered', statusCode: 200 });
    expect(requests).toEqual([1, 1, 2]);
  });

  it('does not reach the webhook of another endpoint on the same host, even when it is an answer', async () => {
    const receiver = await tcpReceiver((socket) => {
      socket.on('data', (chunk) => {
        const [, path] = /^POST (\S+)/.exec(chunk.toString('latin1')) ?? [];
        if (path === undefined) return;
        socket.write(ok);
        // The second answer comes only when the other request has been received.
        if (path === '/odd') odd.push(socket);
        else for (const waiting of odd) waiting.write('HTTP/1.1 500 Late\r\ncontent-length: 0\r\n\r\n');
      });
    });
    const odd: Socket[] = [];
    const send = sender();
    await send(`${receiver.origin}/odd`);
    for (let i = 0; i < 5; i++)
      expect(await send(`${receiver.origin}/fine`)).toMatchObject({ kind: 'answered', statusCode: 200 });
    expect(receiver.connections()).toBe(2);
  });
});

describe('a receiver whose answers were late once', () => {
  it('gets a connection for each request, so that none can be taken for the next answer', async () => {
    const sockets: Socket[] = [];
    const receiver = await tcpReceiver((socket) => {
      sockets.push(socket);
      onRequestHead(socket, () => socket.write(ok));
    });
    const send = sender({ keepAliveMs: 600_000 });
    await send(receiver.origin);
    await new Promise((resolve) => sockets[0]?.on('close', resolve).write('HTTP/1.1 500 Late\r\n\r\n'));
    for (let i = 0; i < 3; i++) await send(receiver.origin);
    expect(receiver.connections()).toBe(4);
    for (let i = 0; i < 3; i++) await send(`${receiver.origin}/another`);
    expect(receiver.connections()).toBe(5);
  });
});

describe('a kept connection that the receiver limits', () => {
  it('is not used when its time is over by a second less', async () => {
    const receiver = await tcpReceiver((socket) =>
      onRequestHead(socket, () =>
        socket.write(crlf('HTTP/1.1 200 OK', 'keep-alive: timeout=2', 'content-length: 0')),
      ),
    );
    let clock = 0;
    const send = sender({ now: () => clock });
    await send(receiver.origin);
    clock += 1000;
    await send(receiver.origin);
    expect(receiver.connections()).toBe(1);
    clock += 1001;
    await send(receiver.origin);
    expect(receiver.connections()).toBe(2);
  });
});
