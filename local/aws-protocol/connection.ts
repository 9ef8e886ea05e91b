import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Answer } from './answer.ts';

/** One engine behind the proxy. */
export interface Engine {
  forward(headers: IncomingHttpHeaders, body: Buffer): Promise<Answer>;
  close(): void;
}

// Of one hop only: they must not travel on. The content-length is set anew, as bodies may change.
const hopHeaders = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'date',
  'expect',
]);

/** @param origin e.g. `http://127.0.0.1:8000` */
export function connectEngine(origin: string): Engine {
  const { hostname, port } = new URL(origin);
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });

  const exchange = (headers: { [name: string]: string | string[] }, body: Buffer) =>
    new Promise<Answer>((resolve, reject) => {
      const outgoing = request({ hostname, port, agent, method: 'POST', path: '/', headers }, (incoming) => {
        collect(incoming).then(
          (received) =>
            resolve({
              status: incoming.statusCode ?? 502,
              headers: endToEnd(incoming.headers),
              body: received,
            }),
          reject,
        );
      });
      outgoing.on('error', (error) => {
        // The engine closed an idle socket while we reached for it: nothing was processed, a new socket will do.
        const stale = outgoing.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
        if (stale) exchange(headers, body).then(resolve, reject);
        else reject(error);
      });
      outgoing.end(body);
    });

  return {
    forward: (headers, body) =>
      exchange({ ...endToEnd(headers), 'content-length': String(body.length) }, body),
    close: () => agent.destroy(),
  };
}

/** Reads a message's body to its end. @throws Error when the peer cuts it short */
export function collect(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const [first] = chunks;
      resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
    });
    // A peer that goes away in the middle ends in an error, or in a close alone.
    message.on('error', reject);
    message.on('close', () => {
      if (!message.complete) reject(new Error('the message was cut short'));
    });
  });
}

function endToEnd(headers: IncomingHttpHeaders): { [name: string]: string | string[] } {
  const kept: { [name: string]: string | string[] } = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !hopHeaders.has(name)) kept[name] = value;
  }
  return kept;
}
