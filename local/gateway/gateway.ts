import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { timeLimitMs } from '../lambda/debugger.ts';
import type { InvocationResult } from '../lambda/settings.ts';
import { listen } from '../net/listen.ts';
import { type Cors, isPreflight, preflightAnswer, withCors } from './cors.ts';
import { gatewayEvent, splitTarget } from './event.ts';
import { gatewayAnswer, gatewayError, type HttpAnswer } from './response.ts';
import { type ApiRoute, routeTable } from './routes.ts';

export interface Integration {
  /** @param routePath of the route key, `/$default` for the default route; permissions name it */
  readonly invoke: (payload: string, method: string, routePath: string) => Promise<InvocationResult>;
  /** Milliseconds. */
  readonly timeoutMs: number;
}

export interface Gateway {
  /** e.g. `http://127.0.0.1:3000` */
  readonly origin: string;
  /** Until this is called every request is answered with 503. @param cors @default - the gateway adds no CORS headers */
  serve(apiId: string, routes: readonly ApiRoute<Integration>[], cors?: Cors): void;
  /** Stops accepting requests, then closes connections that are still open. */
  stop(): Promise<void>;
}

/** API Gateway's limits: body, and request line with headers. */
const maxBodyBytes = 10 * 1024 * 1024;
const maxHeaderBytes = 10_240;
/** Lambda's limit for a synchronous event. */
const maxEventBytes = 6 * 1024 * 1024;

/**
 * Binds the port at once, so that a port in use is reported before anything else starts.
 *
 * @param port 0 takes a free one
 * @throws Error naming the port when it is in use
 */
export async function openGateway(port: number): Promise<Gateway> {
  let apiId = '';
  let match: ReturnType<typeof routeTable<Integration>> | undefined;
  let cors: Cors | undefined;

  const answerTo = async (request: IncomingMessage, requestId: string): Promise<HttpAnswer> => {
    const body = await readBody(request);
    if (match === undefined) return gatewayError(503, 'Service Unavailable');
    const found = match(request.method ?? 'GET', splitTarget(request.url ?? '/').path);
    if (found === undefined) {
      return cors !== undefined && isPreflight(request)
        ? withCors(preflightAnswer, request, cors)
        : gatewayError(404, 'Not Found');
    }
    if (body === undefined) return gatewayError(413, 'Request Entity Too Large');
    const { route, pathParameters } = found;
    const facts = { apiId, routeKey: route.key, pathParameters, requestId, time: new Date(), body };
    const payload = JSON.stringify(gatewayEvent(request, facts));
    if (Buffer.byteLength(payload) > maxEventBytes) return gatewayError(413, 'Request Entity Too Large');
    const routePath = route.key.split(' ')[1] ?? '/$default';
    const answer = await integrate(route.target, payload, request.method ?? 'GET', routePath);
    if (answer === undefined) return gatewayError(500, 'Internal Server Error');
    if (answer === 'unavailable') return gatewayError(503, 'Service Unavailable');
    // Only for answers of functions: API Gateway promises no CORS headers for its own.
    return cors === undefined ? answer : withCors(answer, request, cors);
  };

  const server = createServer(
    { maxHeaderSize: maxHeaderBytes, requestTimeout: 60_000 },
    (request, response) => {
      const requestId = randomUUID();
      void answerTo(request, requestId).then(
        (answer) => send(answer, requestId, response),
        // The client disconnected while it sent its body.
        () => response.destroy(),
      );
    },
  );
  const bound = await listen(server, port).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EADDRINUSE' ? 'is in use: choose another with --port' : error.message;
    throw new Error(`port ${port} ${why}`, { cause: error });
  });
  return {
    origin: `http://127.0.0.1:${bound}`,
    serve: (id, routes, corsOfApi) => {
      apiId = id;
      cors = corsOfApi;
      match = routeTable(routes);
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const impatient = setTimeout(() => server.closeAllConnections(), 1000);
      await closed;
      clearTimeout(impatient);
    },
  };
}

/** Undefined when the function failed, or its result is malformed. */
async function integrate(
  { invoke, timeoutMs }: Integration,
  payload: string,
  method: string,
  routePath: string,
): Promise<HttpAnswer | 'unavailable' | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), timeLimitMs(timeoutMs));
  });
  const result = await Promise.race([invoke(payload, method, routePath), late]);
  clearTimeout(timer);
  if (result === 'late' || result.kind === 'throttled') return 'unavailable';
  return result.kind === 'result' ? gatewayAnswer(result.payload) : undefined;
}

/** Undefined when it is too large. It is read to its end, because a client that still sends does not read an answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  return size <= maxBodyBytes ? Buffer.concat(chunks) : undefined;
}

function send(answer: HttpAnswer, requestId: string, response: ServerResponse): void {
  const headers: Record<string, string | string[]> = { ...answer.headers, 'apigw-requestid': requestId };
  if (answer.cookies.length > 0) headers['set-cookie'] = [...answer.cookies];
  const hasBody = answer.status !== 204 && answer.status !== 304;
  if (hasBody) headers['content-length'] = String(answer.body.length);
  response.writeHead(answer.status, headers);
  response.end(hasBody ? answer.body : undefined);
}
