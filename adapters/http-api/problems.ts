import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { errorFields } from '#adapters/telemetry/telemetry.ts';
import { internalError, problemFor } from './failure.ts';
import { problemResponse } from './response.ts';

/** The log for unexpected errors; a powertools Logger fits. */
export interface ErrorLog {
  error(message: string, fields: Record<string, unknown>): void;
  warn(message: string, fields: Record<string, unknown>): void;
}

/**
 * Middleware that answers every error as problem+json. It logs unexpected errors with their stack and the request id, but
 * without the request, which may hold secrets.
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
