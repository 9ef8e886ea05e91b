import type { IncomingMessage } from 'node:http';
import { gatewayError, type HttpAnswer } from './response.ts';

/** The CORS configuration of an HTTP API, without wildcards. */
export interface Cors {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds: number | undefined;
}

/** Whether a request is a preflight. Without both headers it is an ordinary OPTIONS to API Gateway. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

/** The answer to a preflight that no route matches. */
export const preflightAnswer: HttpAnswer = { ...gatewayError(204, ''), headers: {}, body: Buffer.alloc(0) };

/**
 * Replaces the CORS headers that a function set by those of the configuration, for its origins only.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function withCors(answer: HttpAnswer, request: IncomingMessage, cors: Cors): HttpAnswer {
  const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-'));
  return { ...answer, headers: { ...Object.fromEntries(own), ...corsHeaders(request, cors) } };
}

function corsHeaders(request: IncomingMessage, cors: Cors): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined || !cors.allowOrigins.includes(origin)) return {};
  const allowed = { 'access-control-allow-origin': origin };
  if (request.method !== 'OPTIONS') {
    return { ...allowed, ...named('access-control-expose-headers', cors.exposeHeaders) };
  }
  if (!isPreflight(request)) return {};
  return {
    ...allowed,
    ...named('access-control-allow-methods', cors.allowMethods),
    ...named('access-control-allow-headers', cors.allowHeaders),
    ...named('access-control-max-age', cors.maxAgeSeconds === undefined ? [] : [String(cors.maxAgeSeconds)]),
  };
}

function named(name: string, values: readonly string[]): Record<string, string> {
  return values.length === 0 ? {} : { [name]: values.join(',') };
}
