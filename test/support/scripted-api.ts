import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { onTestFinished } from 'vitest';
import { listen } from '#local/net/listen.ts';

export interface ScriptedAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly type?: string;
}

/** An API with given answers for one test. It records the requests. */
export async function scriptedApi(answer: (request: IncomingMessage) => ScriptedAnswer) {
  const requests: { request: string; body: string; headers: IncomingMessage['headers'] }[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    requests.push({
      request: `${request.method} ${request.url}`,
      body: Buffer.concat(chunks).toString(),
      headers: request.headers,
    });
    const { status, body, type = 'application/json' } = answer(request);
    response.writeHead(status, { 'content-type': type });
    response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  };
  const server = createServer(listener);
  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { requests, env: { HOOK0_URL: `http://127.0.0.1:${port}`, HOOK0_TOKEN: 'hk0_test' } };
}
