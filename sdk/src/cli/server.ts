import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalServer, ServerAnswer, ServerRequest } from './shell/ports.ts';

/** Serves POST requests on a free port of this machine, for programs on this machine only. */
export async function serve(answer: (request: ServerRequest) => Promise<ServerAnswer>): Promise<LocalServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      answer({ headers: Object.fromEntries(headers), body: Buffer.concat(chunks) }).then(
        ({ status, body }) =>
          response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    // The server listens, so it has a port.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
