import { Hook0Error } from '../errors.ts';
import type { BatchResult } from './types.ts';

/** One invalid field of a request. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly accepted?: string;
}

/** The members of a problem document (RFC 9457) of this API. */
interface ProblemDocument {
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly message?: unknown;
  readonly field?: unknown;
  readonly accepted?: unknown;
  readonly errors?: readonly FieldError[];
  readonly requestId?: unknown;
}

/** The API answered with an error. */
export class ApiError extends Hook0Error {
  override readonly name = 'ApiError';
  /** Not `status` or `statusCode`: with these, Express and Fastify would answer your own callers. */
  readonly httpStatus: number;
  /** Stable, such as `validation_failed`. `unknown` when the answer does not come from the API, but from a proxy. */
  readonly code: string;
  readonly detail: string;
  /** The invalid field, such as `retryConfig.baseDelay`. */
  readonly field: string | undefined;
  /** What the API accepts instead. */
  readonly accepted: string | undefined;
  /** Every invalid field, when there are several. */
  readonly errors: readonly FieldError[];
  /** Finds the request in the log. */
  readonly requestId: string | undefined;

  /** @param description - says what answered, in case the body is not a problem document */
  constructor(request: string, httpStatus: number, body: unknown, description = 'an error without a detail') {
    const problem: ProblemDocument = typeof body === 'object' && body !== null ? body : {};
    const code = textOf(problem.code) ?? 'unknown';
    const detail = textOf(problem.detail) ?? textOf(problem.message) ?? description;
    super(`${request}: ${httpStatus} ${code}: ${detail}`);
    this.httpStatus = httpStatus;
    this.code = code;
    this.detail = detail;
    this.field = textOf(problem.field);
    this.accepted = textOf(problem.accepted);
    this.errors = Array.isArray(problem.errors) ? problem.errors : [];
    this.requestId = textOf(problem.requestId);
  }
}

/** There was no answer, so the request may have had its effect or not. `cause` says why. */
export class NoAnswerError extends Hook0Error {
  override readonly name = 'NoAnswerError';

  constructor(request: string, attempts: number, cause: unknown) {
    super(`${request}: no answer after ${attempts} attempt${attempts === 1 ? '' : 's'}: ${reason(cause)}`, {
      cause,
    });
  }
}

/** Something answered, but not as the API does: a proxy, a load balancer, a sign-in page. The message says what. */
export class UnexpectedAnswerError extends Hook0Error {
  override readonly name = 'UnexpectedAnswerError';
  readonly httpStatus: number;

  constructor(request: string, httpStatus: number, message: string) {
    super(`${request}: ${message}`);
    this.httpStatus = httpStatus;
  }
}

/** A request of `sendEvents` failed after others were answered. `cause` says why. */
export class PartlySentError extends Hook0Error {
  override readonly name = 'PartlySentError';
  /** The results of the first events. The event at `results.length` and the following ones have none. */
  readonly results: readonly BatchResult[];

  constructor(results: readonly BatchResult[], count: number, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${results.length} of ${count} events have a result, and then a request failed: ${why}`, { cause });
    this.results = results;
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The message of fetch is only "fetch failed". The reason is in its cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
