import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** An HTTP request of API Gateway (payload format 2.0). */
export interface HttpRequest {
  readonly method: string;
  /** Without the query; percent-decoded by API Gateway. */
  readonly path: string;
  /** By which the caller reached the API: a name of API Gateway, or a custom domain. API Gateway serves no others. */
  readonly host: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Not decoded yet, because some routes do not read it; see `json-body.ts`. */
  readonly body: Body;
  readonly requestId: string;
}

export interface Body {
  readonly content: string;
  readonly isBase64: boolean;
}

export function toRequest(event: APIGatewayProxyEventV2): HttpRequest {
  return {
    method: event.requestContext.http.method.toUpperCase(),
    path: event.rawPath,
    host: event.requestContext.domainName,
    query: new URLSearchParams(event.rawQueryString),
    headers: Object.fromEntries(
      Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: { content: event.body ?? '', isBase64: event.isBase64Encoded },
    requestId: event.requestContext.requestId,
  };
}
