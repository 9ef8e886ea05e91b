import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { errorFields } from '#adapters/telemetry/telemetry.ts';
import { internalError, problemFor } from './failure.ts';
import { problemResponse } from './response.ts';

/** Where unexpected errors are written; a powertools Logger is one. */
export interface ErrorLog {
  error(message: string, fields: Record<string, unknown>): void;
  warn(message: string, fields: Record<string, unknown>): void;
}

/**
 * Middleware: answers problem+json for everything that was thrown. What is not a Problem is logged with its
 * stack and the request id, never with the request, which may hold secrets.
 *
 * @param requestIdOf - finds the id in the event, whether or not it was read yet.
 */
export function problems(
  log: ErrorLog,
  requestIdOf: (event: unknown) => string,
): MiddlewareObj<APIGatewayProxyEventV2> {
  return {
    onError(request) {
      const requestId = requestIdOf(request.event);
      const error: unknown = request.error;
      const problem = problemFor(error);
      if (problem === undefined) log.error('unexpected error', { requestId, ...errorFields(error) });
      else if (problem.status >= 500)
        log.warn(problem.detail, { requestId, code: problem.code, ...errorFields(problem.cause) });
      request.response = problemResponse(problem ?? internalError, requestId);
    },
  };
}
