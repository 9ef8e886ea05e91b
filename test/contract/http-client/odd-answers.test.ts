import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { onRequestHead, tcpReceiver } from '#test/support/http-receivers.ts';
import { endlessBodies, noises, notAnswers, oddAnswers } from '#test/support/odd-answers.ts';
import { crlf, post, sender } from '#test/support/sender.ts';

const ok = crlf('HTTP/1.1 200 OK', 'content-length: 0');
const kilobytes64 = 64 * 1024;
// Node reads up to this much at a time, so this much may come beyond a limit.
const oneRead = 64 * 1024;

describe('an odd answer over a connection', () => {
  it.each(oddAnswers)('is an answer: $what', async (odd) => {
    const receiver = await tcpReceiver((socket, connection) =>
      onRequestHead(socket, () => {
        socket.write(connection === 1 ? Buffer.from(odd.bytes, 'latin1') : ok);
        if (odd.closes) socket.end();
      }),
    );
    const { send } = sender();
    const { statusCode, body, headers = {} } = odd;
    expect(await send(post(receiver.origin))).toMatchObject({
      kind: 'answered',
      ...{ statusCode, headers },
      ...(body === undefined ? {} : { body }),
    });
    if (odd.isKept) return;
    // What followed the answer, or would be read in two ways, does not reach the next request.
    expect(await send(post(receiver.origin))).toMatchObject({
      kind: 'answered',
      statusCode: 200,
      headers: {},
    });
    expect(receiver.connections()).toBe(2);
  });

  it.each(notAnswers)('is none: $what', async ({ bytes, reason }) => {
    const receiver = await tcpReceiver((socket) => onRequestHead(socket, () => socket.write(bytes)));
    expect(await sender().send(post(receiver.origin))).toMatchObject({
      kind: 'failed',
      errorClass: 'protocol',
      message: expect.stringMatching(reason),
    });
    // A new connection that brings no answer is not replaced.
    expect(receiver.connections()).toBe(1);
  });
});

/** Writes the piece for ever, as fast as it is read. */
function pour(socket: Socket, start: string, piece: string): void {
  const chunk = Buffer.from(piece.repeat(Math.ceil(16_384 / piece.length)), 'latin1');
  const more = () => {
    for (let isTaken = true; isTaken && !socket.destroyed; ) isTaken = socket.write(chunk);
  };
  socket.on('drain', more).write(Buffer.from(start, 'latin1'));
  more();
}

const pouring = (start: string, piece: string) =>
  tcpReceiver((socket) => onRequestHead(socket, () => pour(socket, start, piece)));

describe('a receiver that never stops', () => {
  it.each(noises)('costs a bounded read before the final status: %s', async (_what, start, piece) => {
    const receiver = await pouring(start, piece);
    const result = await sender().send(post(receiver.origin));
    expect(result).toMatchObject({ kind: 'failed', errorClass: 'protocol' });
    expect(result.bytesRead).toBeLessThanOrEqual(start.length + kilobytes64 + oneRead);
    expect(receiver.connections()).toBe(1);
  });

  it.each(endlessBodies)('costs a bounded read of a body with %s', async (_what, start, piece) => {
    const receiver = await pouring(start, piece);
    const result = await sender().send(post(receiver.origin));
    expect(result).toMatchObject({ kind: 'answered', statusCode: 200 });
    expect(result.bytesRead).toBeLessThanOrEqual(start.length + kilobytes64 + oneRead);
  });

  it('on a kept connection costs that twice at most', async () => {
    let requests = 0;
    const receiver = await tcpReceiver((socket) =>
      onRequestHead(socket, () => {
        requests += 1;
        if (requests === 1) socket.write(ok);
        else pour(socket, '', '\r\n');
      }),
    );
    const { send } = sender();
    await send(post(receiver.origin));
    const result = await send(post(receiver.origin));
    expect(result).toMatchObject({ kind: 'failed', errorClass: 'protocol' });
    expect(result.bytesRead).toBeLessThanOrEqual(2 * (kilobytes64 + oneRead));
    expect(receiver.connections()).toBe(2);
  });
});
