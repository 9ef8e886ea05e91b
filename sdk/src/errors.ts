/** What all errors of this package have in common. */
export class Hook0Error extends Error {
  override readonly name: string = 'Hook0Error';
}

/** One thing that is wrong with what was sent. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly accepted?: string;
}

/** The members of a problem document (RFC 9457) as this API writes it. */
interface ProblemDocument {
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly message?: unknown;
  readonly field?: unknown;
  readonly accepted?: unknown;
  readonly errors?: readonly FieldError[];
  readonly requestId?: unknown;
}

/** The API answered, and not with success. */
export class ApiError extends Hook0Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** Stable, such as `validation_failed`; `unknown` when something between here and the API answered. */
  readonly code: string;
  readonly detail: string;
  /** The field that is wrong, such as `retryConfig.baseDelay`. */
  readonly field: string | undefined;
  /** What would be accepted instead. */
  readonly accepted: string | undefined;
  /** All that is wrong, when it is more than one thing. */
  readonly errors: readonly FieldError[];
  /** Leads to the log. */
  readonly requestId: string | undefined;

  constructor(request: string, status: number, body: unknown) {
    const problem: ProblemDocument = typeof body === 'object' && body !== null ? body : {};
    const code = textOf(problem.code) ?? 'unknown';
    const detail = textOf(problem.detail) ?? textOf(problem.message) ?? 'no problem document came with it';
    super(`${request}: ${status} ${code}: ${detail}`);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.field = textOf(problem.field);
    this.accepted = textOf(problem.accepted);
    this.errors = Array.isArray(problem.errors) ? problem.errors : [];
    this.requestId = textOf(problem.requestId);
  }
}

/** No answer came, so it is not known whether the request did anything. `cause` says why. */
export class NoAnswerError extends Hook0Error {
  override readonly name = 'NoAnswerError';

  constructor(request: string, attempts: number, cause: unknown) {
    super(`${request}: no answer after ${attempts} attempt${attempts === 1 ? '' : 's'}: ${reason(cause)}`, {
      cause,
    });
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** fetch says no more than "fetch failed" and has the reason in its cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
