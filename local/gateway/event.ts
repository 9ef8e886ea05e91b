import type { IncomingMessage } from 'node:http';
import { localAccount } from '../template/pseudo-parameters.ts';

export interface RequestFacts {
  readonly apiId: string;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly time: Date;
  readonly body: Buffer;
}

/**
 * The event of an HTTP API's Lambda integration, payload format 2.0.
 * As on AWS, the path is decoded and the query string is not.
 */
export function gatewayEvent(request: IncomingMessage, facts: RequestFacts): unknown {
  const { path, query } = splitTarget(request.url ?? '/');
  const headers = headersOf(request);
  const isText = isTextual(headers['content-type'], headers['content-encoding']);
  return {
    version: '2.0',
    routeKey: facts.routeKey,
    rawPath: path,
    rawQueryString: query,
    cookies: request.headers.cookie?.split(/;\s*/),
    headers,
    queryStringParameters: unlessEmpty(queryOf(query)),
    requestContext: {
      accountId: localAccount,
      apiId: facts.apiId,
      domainName: request.headers.host ?? '127.0.0.1',
      domainPrefix: facts.apiId,
      http: {
        method: request.method,
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: facts.requestId,
      routeKey: facts.routeKey,
      stage: '$default',
      time: commonLogTime(facts.time),
      timeEpoch: facts.time.getTime(),
    },
    pathParameters: unlessEmpty(facts.pathParameters),
    // As on AWS, bytes that are not UTF-8 become U+FFFD in a textual body.
    body: facts.body.length === 0 ? undefined : facts.body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: facts.body.length > 0 && !isText,
  };
}

/** The decoded path and the raw query string of a request target, which may be absolute. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const relative = target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/?]*/i, '') || '/';
  const at = relative.indexOf('?');
  const [path, query] = at < 0 ? [relative, ''] : [relative.slice(0, at), relative.slice(at + 1)];
  return { path: decode(path), query };
}

/** API Gateway passes these bodies as text and all others as base64. */
function isTextual(contentType: string | undefined, contentEncoding: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isText =
    type.startsWith('text/') ||
    type === 'application/json' ||
    type === 'application/javascript' ||
    type === 'application/xml';
  return isText && contentEncoding === undefined;
}

/** Cookies are in a separate field. The others belong to the connection. */
const notHandedOn = new Set(['cookie', 'connection', 'keep-alive', 'transfer-encoding', 'te', 'upgrade']);

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (!notHandedOn.has(name) && values !== undefined) headers[name] = values.join(',');
  }
  const { remoteAddress = '127.0.0.1', localPort } = request.socket;
  headers['x-forwarded-for'] = [headers['x-forwarded-for'], remoteAddress].filter(Boolean).join(', ');
  headers['x-forwarded-port'] = String(localPort);
  headers['x-forwarded-proto'] = 'http';
  return headers;
}

const unlessEmpty = (parameters: Readonly<Record<string, string>>) =>
  Object.keys(parameters).length === 0 ? undefined : parameters;

function queryOf(query: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const earlier = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    parameters[name] = earlier === undefined ? value : `${earlier},${value}`;
  }
  return parameters;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** e.g. `12/Mar/2026:19:03:58 +0000` */
function commonLogTime(time: Date): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(time.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}
