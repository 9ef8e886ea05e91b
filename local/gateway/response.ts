import { isObject } from '../json/json.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** One `set-cookie` header each. */
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/**
 * What an HTTP API answers for a function's result (payload format 2.0): without a statusCode the result itself is
 * the body. Undefined for a result that is malformed, which is a 500 there.
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

/** What API Gateway answers by itself. */
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
    // The connection belongs to the gateway.
    if (!['connection', 'content-length', 'transfer-encoding'].includes(name.toLowerCase())) {
      answer[name.toLowerCase()] = String(value);
    }
  }
  return answer;
}
