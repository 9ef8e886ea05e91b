import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { HttpResponse } from './response.ts';

/** Headers of every answer. */
const securityHeaders = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

/**
 * Middleware that adds the security headers and the request id to answers and problems. A header of the same name that the
 * handler set stays.
 */
export function addSecurityHeaders(
  requestIdOf: (event: unknown) => string,
): MiddlewareObj<APIGatewayProxyEventV2, HttpResponse> {
  const add: MiddlewareObj<APIGatewayProxyEventV2, HttpResponse>['after'] = (request) => {
    const { response } = request;
    if (!response) return;
    const headers = { ...securityHeaders, ...response.headers, 'x-request-id': requestIdOf(request.event) };
    request.response = { ...response, headers };
  };
  return { after: add, onError: add };
}
