import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { faultyEvents } from '#test/support/faulty-events.ts';
import { stackOfFile } from '#test/support/file-stack.ts';
import { onRequestHead, tcpReceiver } from '#test/support/http-receivers.ts';
import { crlf } from '#test/support/sender.ts';

const { api } = stackOfFile();
const { post, settled, idOf } = faultyEvents(api);

const ok = crlf('HTTP/1.1 200 OK', 'content-length: 0');
let types = 0;

async function endpointAt(url: string, maxAttempts = 3): Promise<string> {
  const type = `odd${types++}.happened`;
  const retryConfig = { maxAttempts, strategy: 'fixed', baseDelay: 1000, jitter: false };
  await api.expect(201, 'POST', '/api/endpoints', { name: 'odd', url, events: [type], retryConfig });
  return type;
}

const delivered = async (type: string) => settled(idOf(await post(type)));

describe('a receiver that answers in an odd way', () => {
  it.each([
    ['204 with a body', `${crlf('HTTP/1.1 204 No Content')}{}`, [{ success: true, statusCode: 204 }]],
    ['more than its length', `${ok}more`, [{ success: true, statusCode: 200 }]],
    [
      '20 KB of headers',
      crlf('HTTP/1.1 200 OK', `x: ${'a'.repeat(20_480)}`, 'content-length: 0'),
      [{ success: true }],
    ],
    ['a folded line', crlf('HTTP/1.1 200 OK', 'x: a', '  b', 'content-length: 0'), [{ success: true }]],
    [
      'a status above 599',
      crlf('HTTP/1.1 999 Odd', 'content-length: 0'),
      [{ success: false, statusCode: 999, retryable: true }, { success: true }],
    ],
  ] as const)('with %s has what it meant', async (_what, first, attempts) => {
    let requests = 0;
    const receiver = await tcpReceiver((socket) =>
      onRequestHead(socket, () => {
        requests += 1;
        socket.write(requests === 1 ? first : ok);
      }),
    );
    const delivery = await delivered(await endpointAt(receiver.origin));
    expect(delivery).toMatchObject({ status: 'succeeded', attempts });
    expect(requests).toBe(attempts.length);
  });

  it('with empty lines without end is a failed attempt that says so', async () => {
    const pour = (socket: Socket) => {
      for (let isTaken = true; isTaken && !socket.destroyed; ) isTaken = socket.write('\r\n'.repeat(8192));
    };
    const receiver = await tcpReceiver((socket) => {
      socket.on('drain', () => pour(socket));
      onRequestHead(socket, () => pour(socket));
    });
    expect(await delivered(await endpointAt(receiver.origin, 1))).toMatchObject({
      status: 'dead',
      attempts: [{ errorClass: 'protocol', error: expect.stringContaining('more than 64 KB') }],
    });
  });

  it('twice for each request does not reach the endpoint beside it', async () => {
    const waiting: Socket[] = [];
    const receiver = await tcpReceiver((socket) =>
      socket.on('data', (chunk) => {
        const [, path] = /^POST (\S+)/.exec(chunk.toString('latin1')) ?? [];
        if (path === undefined) return;
        socket.write(ok);
        if (path === '/odd') waiting.push(socket);
        else for (const odd of waiting) odd.write(crlf('HTTP/1.1 500 Late', 'content-length: 0'));
      }),
    );
    const [odd, fine] = [
      await endpointAt(`${receiver.origin}/odd`),
      await endpointAt(`${receiver.origin}/fine`),
    ];
    for (let i = 0; i < 3; i++) {
      expect(await delivered(odd)).toMatchObject({ status: 'succeeded' });
      expect(await delivered(fine)).toMatchObject({ status: 'succeeded', attempts: [{ statusCode: 200 }] });
    }
  });
});
