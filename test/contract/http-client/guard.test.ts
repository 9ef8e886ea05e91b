import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dnsResolver } from '#adapters/http-client/guarded-lookup.ts';
import { createSender, type SenderOptions } from '#adapters/http-client/guarded-request.ts';
import { localPolicy, strictPolicy, type TargetPolicy } from '#core/outbound/target-url.ts';
import { selfSignedCertificate } from '#test/support/certificate.ts';
import { httpReceiver, httpsReceiver, type Receiver } from '#test/support/http-receivers.ts';

/** The address rules alone, so that a refusal cannot come from the scheme or the port. */
const publicOnly: TargetPolicy = {
  allowPlainHttp: true,
  allowLoopback: false,
  ports: 'any',
  allowIpv6: true,
};

function sender(options: Partial<SenderOptions> = {}) {
  const made = createSender({ policy: publicOnly, ...options });
  onTestFinished(made.close);
  return (url: string) => made.send({ url, headers: {}, body: new Uint8Array(3), deadlineMs: 30_000 });
}

function receiver(host?: string): Promise<Receiver> {
  return httpReceiver((request, response) => response.end(request.headers.host), host);
}

const forbiddenTarget = { kind: 'failed', errorClass: 'forbidden_target' };

describe('no connection is made to loopback', () => {
  it.each([
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '127.0.1',
    '127。0。0。1',
    '127.0.0.1.',
    '%31%32%37.0.0.1',
    '0.0.0.0',
    '0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'app.localhost',
  ])('written as %s', async (host) => {
    const server = await receiver();
    const lookup = async () => ['127.0.0.1'];
    for (const policy of [publicOnly, strictPolicy]) {
      for (const url of [
        `http://${host}:${server.port}/`,
        `https://${host}:${server.port}/`,
        `http:\\\\${host}:${server.port}`,
      ]) {
        expect(await sender({ policy, lookup })(url)).toMatchObject(forbiddenTarget);
      }
    }
    expect(server.connections()).toBe(0);
  });

  it.each([
    ['loopback', ['127.0.0.1']],
    ['IPv6 loopback', ['::1']],
    ['mapped loopback', ['::ffff:127.0.0.1']],
    ['any address', ['0.0.0.0']],
    ['loopback after public addresses', ['8.8.8.8', '2606:4700::1', '127.0.0.1']],
    ['loopback before a public address', ['127.0.0.1', '8.8.8.8']],
    ['metadata beside a public address', ['8.8.8.8', '169.254.169.254']],
    ['something that is not an address', ['localhost']],
  ])('by a name that resolves to %s', async (_what, addresses) => {
    const server = await receiver();
    const result = await sender({ lookup: async () => addresses })(
      `http://rebind.example.com:${server.port}/?q=S3CRET`,
    );
    expect(result).toMatchObject(forbiddenTarget);
    expect(result.kind === 'failed' && result.message).toMatch(
      /^rebind\.example\.com resolves to .*webhooks go to public addresses only$/,
    );
    expect(JSON.stringify(result)).not.toContain('S3CRET');
    expect(server.connections()).toBe(0);
  });

  it('by a name that is rebound between the check and the request', async () => {
    const server = await receiver();
    const answers = [['8.8.8.8'], ['127.0.0.1'], ['8.8.8.8']];
    const lookup = async () => answers.shift() ?? [];
    // What is saved resolves to a public address; what is connected to is what the request itself resolves.
    expect(await lookup()).toEqual(['8.8.8.8']);
    expect(await sender({ lookup })(`http://rebind.example.com:${server.port}/`)).toMatchObject(
      forbiddenTarget,
    );
    expect(answers).toHaveLength(1);
    expect(server.connections()).toBe(0);
  });

  it('by a redirect', async () => {
    const inside = await receiver();
    const outside = await httpReceiver((_request, response) => {
      response.writeHead(307, { location: inside.origin }).end();
    });
    const result = await sender({ policy: localPolicy })(outside.origin);
    expect(result).toMatchObject({ kind: 'answered', statusCode: 307 });
    expect(inside.connections()).toBe(0);
  });

  it('over a connection that was kept under another policy', async () => {
    const server = await receiver();
    let allowLoopback = true;
    const policy = {
      ...publicOnly,
      get allowLoopback() {
        return allowLoopback;
      },
    };
    let lookups = 0;
    const lookup = async () => {
      lookups += 1;
      return ['127.0.0.1'];
    };
    const send = sender({ policy, lookup });
    const url = `http://receiver.example.com:${server.port}/`;
    expect(await send(url)).toMatchObject({ kind: 'answered' });
    allowLoopback = false;
    const result = await send(url);
    expect(result).toMatchObject({
      ...forbiddenTarget,
      message: expect.stringContaining('is connected to a loopback address'),
    });
    // The kept connection was looked at, not a new one.
    expect(lookups).toBe(1);
  });

  it.each([
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/',
    'http://[::ffff:127.0.0.1]/',
    'http://[fe80::1]/',
    'ftp://127.0.0.1/',
    'x',
  ])('nor anywhere else by %s, even locally', async (url) => {
    expect(await sender({ policy: localPolicy })(url)).toMatchObject(forbiddenTarget);
  });
});

describe('a name', () => {
  it('is resolved once and connected to where it was checked, keeping the name', async () => {
    const server = await receiver();
    const asked: string[] = [];
    const lookup = async (hostname: string) => {
      asked.push(hostname);
      return ['127.0.0.1'];
    };
    const result = await sender({ policy: localPolicy, lookup })(
      `http://receiver.example.com:${server.port}/`,
    );
    expect(result).toMatchObject({ kind: 'answered', body: `receiver.example.com:${server.port}` });
    expect(asked).toEqual(['receiver.example.com']);
  });

  it('is resolved again for each new connection', async () => {
    const server = await httpReceiver((_request, response) =>
      response.writeHead(200, { connection: 'close' }).end(),
    );
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const send = sender({ policy: localPolicy, lookup: async () => answers.shift() ?? [] });
    expect(await send(`http://receiver.example.com:${server.port}/`)).toMatchObject({ kind: 'answered' });
    expect(await send(`http://receiver.example.com:${server.port}/`)).toMatchObject(forbiddenTarget);
  });

  it('is tried at its next address when the first is dead', async () => {
    const server = await receiver();
    const lookup = async () => ['127.0.0.2', '127.0.0.1'];
    const result = await sender({ policy: localPolicy, lookup })(
      `http://receiver.example.com:${server.port}/`,
    );
    expect(result).toMatchObject({ kind: 'answered', statusCode: 200 });
  });

  it.each([
    ['fourth', { kind: 'answered' }],
    ['fifth', { kind: 'failed', errorClass: 'connect' }],
  ])('is tried at four addresses at most: only its %s one lives', async (place, expected) => {
    const server = await receiver();
    const dead = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'];
    const addresses = [...dead.slice(0, place === 'fourth' ? 3 : 4), '127.0.0.1'];
    const send = sender({ policy: localPolicy, lookup: async () => addresses });
    expect(await send(`http://receiver.example.com:${server.port}/`)).toMatchObject(expected);
    expect(server.connections()).toBe(place === 'fourth' ? 1 : 0);
  });

  it.each([
    [
      'an error',
      () => Promise.reject(Object.assign(new Error('S3CRET'), { code: 'ENOTFOUND' })),
      'gone.example.com does not resolve: ENOTFOUND',
    ],
    [
      'an error without a code',
      () => Promise.reject(new Error('S3CRET')),
      'gone.example.com does not resolve: the resolver failed',
    ],
    ['no address', async () => [], 'gone.example.com resolves to no address'],
  ])('that resolves to %s is dns', async (_what, lookup, message) => {
    const result = await sender({ lookup })('http://gone.example.com/');
    expect(result).toMatchObject({ kind: 'failed', errorClass: 'dns', message });
  });

  it('that has only IPv6 addresses is connect where the deployment reaches none, and nothing is tried', async () => {
    const server = await receiver('::1');
    const send = sender({ policy: { ...localPolicy, allowIpv6: false }, lookup: async () => ['::1'] });
    expect(await send(`http://six.example.com:${server.port}/`)).toMatchObject({
      kind: 'failed',
      errorClass: 'connect',
      message: 'six.example.com resolves to IPv6 addresses only, and this deployment sends over IPv4 only',
    });
    expect(server.connections()).toBe(0);
  });

  it('localhost is this machine, and only where loopback is allowed', async () => {
    const server = await receiver();
    expect(await sender({ policy: localPolicy })(`http://localhost:${server.port}/`)).toMatchObject({
      kind: 'answered',
    });
    expect(await sender()(`http://localhost:${server.port}/`)).toMatchObject(forbiddenTarget);
    expect(await dnsResolver()('localhost')).toEqual(['127.0.0.1', '::1']);
  });
});

describe('IPv6 loopback', () => {
  it('is reached locally as a literal and by name', async () => {
    const server = await receiver('::1');
    const send = sender({ policy: localPolicy });
    expect(await send(`http://[::1]:${server.port}/`)).toMatchObject({
      kind: 'answered',
      body: `[::1]:${server.port}`,
    });
    expect(await send(`http://localhost:${server.port}/`)).toMatchObject({ kind: 'answered' });
  });
});

describe('TLS', () => {
  const certificate = selfSignedCertificate('receiver.example.com');
  const lookup = async () => ['127.0.0.1'];

  it('is made with the name, though the address is pinned', async () => {
    const server = await httpsReceiver(certificate, (request, response) => {
      response.end(String('servername' in request.socket && request.socket.servername));
    });
    const send = sender({ policy: localPolicy, lookup, ca: certificate.cert });
    const result = await send(`https://receiver.example.com:${server.port}/`);
    expect(result).toMatchObject({ kind: 'answered', body: 'receiver.example.com' });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is resumed for the next connection, by %s', async (version) => {
    const resumed: boolean[] = [];
    const options = { ...certificate, maxVersion: version, minVersion: version };
    const server = await httpsReceiver(options, (request, response) => {
      resumed.push('isSessionReused' in request.socket && (request.socket as TLSSocket).isSessionReused());
      response.writeHead(200, { connection: 'close' }).end('x');
    });
    const send = sender({ policy: localPolicy, lookup, ca: certificate.cert });
    for (let i = 0; i < 2; i++)
      expect(await send(`https://receiver.example.com:${server.port}/`)).toMatchObject({ kind: 'answered' });
    expect(resumed).toEqual([false, true]);
  });

  it.each([
    ['for another name', 'https://other.example.com', certificate.cert, /altnames/],
    ['for an address', 'https://127.0.0.1', certificate.cert, /altnames|IP/],
    ['that no known authority signed', 'https://receiver.example.com', undefined, /self-signed certificate/],
  ])('fails for a certificate %s, and nothing is sent', async (_what, origin, ca, message) => {
    let requests = 0;
    const server = await httpsReceiver(certificate, (_request, response) => {
      requests += 1;
      response.end();
    });
    const send = sender({ policy: localPolicy, lookup, ...(ca === undefined ? {} : { ca }) });
    // Twice, because a session of the first handshake must not open the second.
    for (let i = 0; i < 2; i++)
      expect(await send(`${origin}:${server.port}/`)).toMatchObject({
        kind: 'failed',
        errorClass: 'tls',
        message: expect.stringMatching(message),
      });
    expect(requests).toBe(0);
  });
});
