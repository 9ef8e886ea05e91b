import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type ErrorLog, problems } from './problems.ts';
import { type HttpRequest, toRequest } from './request.ts';
import type { HttpResponse } from './response.ts';
import { addSecurityHeaders } from './security-headers.ts';

/**
 * A Lambda handler for API Gateway's payload format 2.0. It answers errors of `handle` as problem+json and never rejects,
 * because API Gateway would then answer itself.
 */
export function createHttpFunction(handle: (request: HttpRequest) => Promise<HttpResponse>, log: ErrorLog) {
  return (
    middy<APIGatewayProxyEventV2, HttpResponse>()
      // Middlewares run in reverse order after the handler, so that the headers are added last.
      .use(addSecurityHeaders(requestIdOf))
      .use(problems(log, requestIdOf))
      .handler(async (event: APIGatewayProxyEventV2) => handle(toRequest(event)))
  );
}

function requestIdOf(event: unknown): string {
  return (event as Partial<APIGatewayProxyEventV2>).requestContext?.requestId ?? 'unknown';
}
