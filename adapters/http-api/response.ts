import { type Problem, problemDocument } from '#core/problem/problem.ts';

/** An answer in API Gateway's payload format 2.0. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body is base64 of the bytes to send. @default false */
  readonly isBase64Encoded?: boolean;
}

type Headers = Readonly<Record<string, string>>;

export function json(statusCode: number, value: unknown, headers: Headers = {}): HttpResponse {
  return jsonText(statusCode, JSON.stringify(value), headers);
}

/** For JSON that is already text, such as JSON that contains the bytes of a payload. */
export function jsonText(statusCode: number, body: string, headers: Headers = {}): HttpResponse {
  return { statusCode, headers: { ...headers, 'content-type': 'application/json' }, body };
}

export function noContent(headers: Headers = {}): HttpResponse {
  return { statusCode: 204, headers, body: '' };
}

export function problemResponse(problem: Problem, requestId?: string): HttpResponse {
  return {
    statusCode: problem.status,
    headers: { ...problem.headers, 'content-type': 'application/problem+json' },
    body: JSON.stringify(problemDocument(problem, requestId)),
  };
}
