import { type ProblemCode, problemCodes } from './problem-codes.ts';

/** An error in one field of a body. */
export interface FieldError {
  /** A path such as `retryConfig.baseDelay` or `events[0].type`; empty for the whole body. */
  readonly field: string;
  /** JSON Pointer (RFC 6901) to the error in the payload or the schema. */
  readonly pointer?: string;
  /** A sentence that says what was received and what is accepted. */
  readonly message: string;
  readonly accepted?: string;
}

export interface ProblemOptions {
  /** Its name in the API of the original Hook0, for the clients of that API. */
  readonly id?: string;
  readonly detail: string;
  readonly field?: string;
  readonly accepted?: string;
  readonly errors?: readonly FieldError[];
  /** Headers of the answer, e.g. `allow` or `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** The members of an `application/problem+json` document (RFC 9457, section 3), with our extensions. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly id?: string;
  readonly detail: string;
  readonly field?: string;
  readonly accepted?: string;
  readonly errors?: readonly FieldError[];
  readonly requestId?: string;
}

/** An error that the API answers with. It never holds a secret. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly id: string | undefined;
  readonly detail: string;
  readonly field: string | undefined;
  readonly accepted: string | undefined;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, options: ProblemOptions) {
    const { id, detail, field, accepted, errors, headers = {}, cause } = options;
    super(`${code}: ${detail}`, { cause });
    this.code = code;
    this.status = problemCodes[code].status;
    this.id = id;
    this.detail = detail;
    this.field = field;
    this.accepted = accepted;
    this.errors = errors;
    this.headers = headers;
  }
}

/** The document to answer with. `requestId` names the request in the logs. */
export function problemDocument(problem: Problem, requestId?: string): ProblemDocument {
  const { code, status, id, detail, field, accepted, errors } = problem;
  return {
    // RFC 9457 asks for an identifier only, and a URN is the same in every deployment.
    type: `urn:hook0:problem:${code}`,
    title: problemCodes[code].title,
    status,
    code,
    id,
    detail,
    field,
    accepted,
    errors,
    requestId,
  };
}

/** The answer for an id that does not exist, and also for an id of another application. */
export function notFound(resource: string, id: string): Problem {
  return new Problem('not_found', { detail: `there is no ${resource} ${JSON.stringify(id.slice(0, 128))}` });
}
