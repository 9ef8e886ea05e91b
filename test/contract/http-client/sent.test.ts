import { describe, expect, it } from 'vitest';
import { selfSignedCertificate } from '#test/support/certificate.ts';
import { httpReceiver, httpsReceiver, onRequestHead, tcpReceiver } from '#test/support/http-receivers.ts';
import { crlf, post, sender } from '#test/support/sender.ts';

const ok = crlf('HTTP/1.1 200 OK', 'content-length: 0');

/** Sends until `arrived`, and says whether the request was sent by then. */
async function sentBy(
  arrived: Promise<unknown>,
  send: (onSent: () => void, signal: AbortSignal) => Promise<unknown>,
): Promise<boolean> {
  let isSent = false;
  const caller = new AbortController();
  const sending = send(() => {
    isSent = true;
  }, caller.signal);
  await arrived;
  const wasSent = isSent;
  caller.abort();
  await sending;
  return wasSent;
}

describe('a request counts as sent', () => {
  it('not while its name is resolved', async () => {
    const asked = Promise.withResolvers<void>();
    const { send } = sender({
      lookup: () => {
        asked.resolve();
        return new Promise(() => undefined);
      },
    });
    const url = 'http://receiver.example.com:1/';
    expect(await sentBy(asked.promise, (onSent, signal) => send(post(url, { onSent, signal })))).toBe(false);
  });

  it('not while TLS is negotiated', async () => {
    const hello = Promise.withResolvers<void>();
    const receiver = await tcpReceiver((socket) => socket.on('data', () => hello.resolve()));
    const url = receiver.origin.replace('http', 'https');
    expect(
      await sentBy(hello.promise, (onSent, signal) => sender().send(post(url, { onSent, signal }))),
    ).toBe(false);
  });

  it('once it is written, before any answer, also under TLS', async () => {
    const certificate = selfSignedCertificate('receiver.example.com');
    const lookup = async () => ['127.0.0.1'];
    const plain = await httpReceiver(() => undefined);
    const secure = await httpsReceiver(certificate, () => undefined);
    for (const url of [plain.origin, `https://receiver.example.com:${secure.port}/`]) {
      const caller = new AbortController();
      const { send } = sender({ ca: certificate.cert, lookup });
      const result = await send(post(url, { onSent: () => caller.abort(), signal: caller.signal }));
      expect(result).toMatchObject({ kind: 'failed', errorClass: 'timeout' });
    }
  });

  it('again when a kept connection was dead', async () => {
    let requests = 0;
    const receiver = await tcpReceiver((socket) =>
      onRequestHead(socket, () => {
        requests += 1;
        if (requests === 2) socket.resetAndDestroy();
        else socket.write(ok);
      }),
    );
    let sent = 0;
    const onSent = () => {
      sent += 1;
    };
    const { send } = sender();
    await send(post(receiver.origin, { onSent }));
    expect(sent).toBe(1);
    await send(post(receiver.origin, { onSent }));
    expect(sent).toBe(3);
  });
});
