import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { TestCertificate } from './certificate.ts';

/** A server that ends with its test and counts what reaches it. */
export interface Receiver {
  readonly port: number;
  /** `http://127.0.0.1:<port>` or `https://…`. */
  readonly origin: string;
  readonly connections: () => number;
}

/** A receiver that speaks HTTP. */
export function httpReceiver(listener: RequestListener, host = '127.0.0.1'): Promise<Receiver> {
  return listening(createServer(listener), 'http', host);
}

/** A receiver that speaks HTTPS. */
export function httpsReceiver(certificate: TestCertificate, listener: RequestListener): Promise<Receiver> {
  return listening(createSecureServer({ ...certificate }, listener), 'https', '127.0.0.1');
}

/** A receiver that may break every rule: it gets each connection, with the number of it, from 1. */
export function tcpReceiver(onConnection: (socket: Socket, connection: number) => void): Promise<Receiver> {
  let count = 0;
  return listening(
    createTcpServer((socket) => onConnection(socket, ++count)),
    'http',
    '127.0.0.1',
  );
}

/** The whole body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Calls back for each complete request head that comes over a raw socket. */
export function onRequestHead(socket: Socket, callback: () => void): void {
  let seen = '';
  socket.on('data', (chunk) => {
    seen += chunk.toString('latin1');
    for (let end = seen.indexOf('\r\n\r\n'); end >= 0; end = seen.indexOf('\r\n\r\n')) {
      seen = seen.slice(end + 4);
      callback();
    }
  });
}

async function listening(server: Server, scheme: string, host: string): Promise<Receiver> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    // What a test does to a connection is its business; the error it causes here is not.
    socket.on('error', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, host, resolve);
  });
  onTestFinished(async () => {
    for (const socket of sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const literal = host.includes(':') ? `[${host}]` : host;
  return { port, origin: `${scheme}://${literal}:${port}`, connections: () => connections };
}
