import { type ProblemCode, problemCodes } from './problem-codes.ts';

/** One thing that is wrong with what was received. */
export interface FieldError {
  /** Where: a path such as `retryConfig.baseDelay` or `events[0].type`; empty for the whole. */
  readonly field: string;
  /** JSON Pointer (RFC 6901) into the payload, or the schema, that is wrong. */
  readonly pointer?: string;
  /** What was received and what is accepted, in a sentence. */
  readonly message: string;
  readonly accepted?: string;
}

export interface ProblemOptions {
  /** Its name in the original Hook0's API, for the clients of that. */
  readonly id?: string;
  readonly detail: string;
  readonly field?: string;
  readonly accepted?: string;
  readonly errors?: readonly FieldError[];
  /** Headers the answer carries, e.g. `allow` or `retry-after`. */
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

/** An answer that is no success, thrown from wherever it is found out. Never holds a secret. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly id?: string;
  readonly detail: string;
  readonly field?: string;
  readonly accepted?: string;
  readonly errors?: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, options: ProblemOptions) {
    const { id, detail, field, accepted, errors, headers = {}, cause } = options;
    super(`${code}: ${detail}`, { cause });
    this.code = code;
    this.status = problemCodes[code].status;
    if (id !== undefined) this.id = id;
    this.detail = detail;
    if (field !== undefined) this.field = field;
    if (accepted !== undefined) this.accepted = accepted;
    if (errors !== undefined) this.errors = errors;
    this.headers = headers;
  }
}

/** The document to answer with; `requestId` lets a caller and the log meet. */
export function problemDocument(problem: Problem, requestId?: string): ProblemDocument {
  const { code, status, id, detail, field, accepted, errors } = problem;
  return {
    // A URN is stable wherever the product is deployed, and RFC 9457 asks for no more than an identifier.
    type: `urn:hook0:problem:${code}`,
    title: problemCodes[code].title,
    status,
    code,
    ...(id === undefined ? {} : { id }),
    detail,
    ...(field === undefined ? {} : { field }),
    ...(accepted === undefined ? {} : { accepted }),
    ...(errors === undefined ? {} : { errors }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** What a foreign id and one that never was have in common. */
export function notFound(resource: string, id: string): Problem {
  return new Problem('not_found', { detail: `there is no ${resource} ${JSON.stringify(id.slice(0, 128))}` });
}
