import { createServer, type IncomingHttpHeaders } from 'node:http';
import { listen } from '#local/net/listen.ts';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Header names as sent, each followed by its value. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds before the answer. */
  readonly after?: number;
}

export interface Receiver {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /**
   * Resolves when `condition` holds for what was received.
   *
   * @throws Error after `timeout` milliseconds
   */
  until(
    condition: (requests: readonly ReceivedRequest[]) => boolean,
    timeout?: number,
  ): Promise<readonly ReceivedRequest[]>;
  stop(): Promise<void>;
}

/** Starts a webhook receiver on a free port of 127.0.0.1. @param answer the answer to a request; numbers start at 1 */
export async function startReceiver(
  answer: (number: number, request: ReceivedRequest) => ReceiverAnswer,
): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const waiters = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        rawHeaders: request.rawHeaders,
        body: Buffer.concat(chunks),
        at: Date.now(),
      };
      requests.push(received);
      const { status, headers, body, after = 0 } = answer(requests.length, received);
      setTimeout(() => response.writeHead(status, headers).end(body), after);
      for (const wake of waiters) wake();
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    requests,
    until: (condition, timeout = 30_000) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!condition(requests)) return;
          finish();
          resolve(requests);
        };
        const finish = () => {
          clearTimeout(timer);
          waiters.delete(check);
        };
        const timer = setTimeout(() => {
          finish();
          reject(new Error(`waited ${timeout} ms for a condition; received ${requests.length} requests`));
        }, timeout);
        waiters.add(check);
        check();
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
