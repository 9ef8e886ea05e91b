import { isObject } from '../json/json.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Each becomes a `set-cookie` header. */
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/**
 * The answer of an HTTP API for a function's result (payload format 2.0). A result without a statusCode is the body.
 * Undefined for a malformed result, which API Gateway answers with 500.
 */
export function gatewayAnswer(payload: string): HttpAnswer | undefined {
  const result: unknown = JSON.parse(payload);
  if (!isObject(result) || result.statusCode === undefined) {
    const body = typeof result === 'string' ? result : payload;
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from(body),
    };
  }
  const { headers = {}, cookies = [], body = '', isBase64Encoded = false } = result;
  const status = Number(result.statusCode);
  const isWellFormed =
    Number.isInteger(status) &&
    status >= 200 &&
    status <= 599 &&
    isObject(headers ?? {}) &&
    Array.isArray(cookies ?? []) &&
    (typeof body === 'string' || body === null);
  if (!isWellFormed) return undefined;
  return {
    status,
    headers: headersOf(headers ?? {}),
    cookies: Array.isArray(cookies) ? cookies.map(String) : [],
    body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

/** An answer that API Gateway makes without a function. */
export function gatewayError(status: number, message: string): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message })),
  };
}

function headersOf(headers: object): Record<string, string> {
  const answer: Record<string, string> = { 'content-type': 'text/plain;charset=UTF-8' };
  for (const [name, value] of Object.entries(headers)) {
    // The gateway sets the headers of the connection.
    if (!['connection', 'content-length', 'transfer-encoding'].includes(name.toLowerCase())) {
      answer[name.toLowerCase()] = String(value);
    }
  }
  return answer;
}
