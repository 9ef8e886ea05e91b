import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { AwsAnswer } from './answer.ts';

export interface PostOptions {
  readonly agent: Agent;
  readonly headers: { readonly [name: string]: string | string[] };
  readonly body: Buffer;
  readonly signal?: AbortSignal | undefined;
}

/** Sends a POST to an origin. @throws Error when no whole answer comes, or `signal` aborts */
export function post(origin: string, { agent, headers, body, signal }: PostOptions): Promise<AwsAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      origin,
      { agent, method: 'POST', headers: { ...headers, 'content-length': String(body.length) }, signal },
      (incoming) => {
        const answer = (received: Buffer): AwsAnswer => ({
          status: incoming.statusCode ?? 502,
          headers: endToEnd(incoming.headers),
          body: received,
        });
        collect(incoming).then((received) => resolve(answer(received)), reject);
      },
    );
    outgoing.on('error', (error) => {
      // The server closed an idle socket that this request took: it processed nothing, and a new socket works.
      const isStale = outgoing.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
      if (isStale) post(origin, { agent, headers, body, signal }).then(resolve, reject);
      else reject(error);
    });
    outgoing.end(body);
  });
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
    message.on('error', reject);
    // A peer that goes away may cause a close without an error.
    message.on('close', () => {
      if (!message.complete) reject(new Error('the message was cut short'));
    });
  });
}

/** A server that requests are forwarded to. */
export interface Connection {
  forward(headers: IncomingHttpHeaders, body: Buffer): Promise<AwsAnswer>;
  close(): void;
}

/** @param origin e.g. `http://127.0.0.1:8000` */
export function connect(origin: string): Connection {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });
  return {
    forward: (headers, body) => post(origin, { agent, headers: endToEnd(headers), body }),
    close: () => agent.destroy(),
  };
}

// These belong to one hop. The content length is set anew, because bodies may change.
const hopHeaders = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'date',
  'expect',
]);

function endToEnd(headers: IncomingHttpHeaders): { [name: string]: string | string[] } {
  const kept: { [name: string]: string | string[] } = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !hopHeaders.has(name)) kept[name] = value;
  }
  return kept;
}
