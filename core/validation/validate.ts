import type * as z from 'zod/mini';
import { describeValue } from '#core/json/describe.ts';
import { type FieldError, Problem } from '#core/problem/problem.ts';
import type { ProblemCode } from '#core/problem/problem-codes.ts';
import { formatPath, valueAt } from './path.ts';

type Issue = z.core.$ZodIssue;

export interface ValidateOptions<Output> {
  readonly schema: z.ZodMiniType<Output>;
  /** What the schema checks. */
  readonly value: unknown;
  /** What the caller sent, if the value was made from it. Messages name parts of this. */
  readonly received?: unknown;
  readonly code?: ProblemCode;
  /** The path of the value in the body. */
  readonly path?: readonly PropertyKey[];
}

// Limits the size of the answer, because a batch may have errors everywhere.
const longestList = 20;
const issuesRead = 100;

/**
 * The output of the schema.
 *
 * @throws Problem `validation_failed`, or `code`, that lists the errors
 */
export function validate<Output>(options: ValidateOptions<Output>): Output {
  const { schema, value, received = value, code = 'validation_failed', path = [] } = options;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, issuesRead).flatMap(flatten);
  const errors = issues.flatMap((issue) => fieldErrors(issue, received, path)).slice(0, issuesRead);
  throw problemOf(errors.filter(isFirstOfItsKind).slice(0, longestList), code);
}

/** A problem whose detail is the first error, and which lists all. */
export function problemOf(errors: readonly FieldError[], code: ProblemCode = 'validation_failed'): Problem {
  const [first] = errors;
  if (first === undefined) throw new RangeError('a problem needs at least one error');
  return new Problem(code, {
    detail: first.field === '' ? first.message : `${first.field}: ${first.message}`,
    field: first.field,
    accepted: first.accepted,
    errors,
  });
}

/** An error that says what was received and what is accepted. */
export const fieldError = (path: readonly PropertyKey[], received: string, accepted: string): FieldError =>
  errorOf(path, `received ${received}`, accepted);

export const requiredField = (path: readonly PropertyKey[], accepted: string): FieldError =>
  errorOf(path, 'is required', accepted);

export const exclusiveField = (path: readonly PropertyKey[], other: string): FieldError => ({
  field: formatPath(path),
  message: `mutually exclusive with ${other}`,
  accepted: 'one of the two',
});

export const duplicateField = (path: readonly PropertyKey[]): FieldError =>
  errorOf(path, 'duplicate field', 'each field once');

function errorOf(path: readonly PropertyKey[], what: string, accepted: string): FieldError {
  return { field: formatPath(path), message: `${what}; accepted: ${accepted}`, accepted };
}

// Several checks of one schema report the same text, which says all that is accepted.
function isFirstOfItsKind(error: FieldError, index: number, all: readonly FieldError[]): boolean {
  return all.findIndex(({ field, message }) => field === error.field && message === error.message) === index;
}

/** The issues of the one branch of a union whose type fits, because they say more than "no branch fits". */
function flatten(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const close = issue.errors.filter((branch) =>
    branch.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  const [only] = close;
  if (only === undefined || close.length > 1) return [issue];
  return only.flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] }));
}

function fieldErrors(issue: Issue, received: unknown, prefix: readonly PropertyKey[]): FieldError[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, issuesRead)
      .map((key) => fieldError([...path, key], 'an unknown field', issue.message));
  }
  if (issue.code === 'custom' && issue.params?.accepted === undefined) {
    return [{ field: formatPath(path), message: issue.message, accepted: acceptedOf(issue.message) }];
  }
  if (valueAt(received, issue.path) === undefined) return [requiredField(path, issue.message)];
  return [fieldError(path, describe(issue.path, received), issue.message)];
}

const confidential = /secur|secret|token|password|authorization|headers/i;

function describe(path: readonly PropertyKey[], received: unknown): string {
  const value = valueAt(received, path);
  // A value that fails its check may still be a secret, such as a secret with a blank or without its quotes.
  if (path.length > 0 && !path.some((segment) => confidential.test(String(segment))))
    return describeValue(value);
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  return typeof value === 'number' ? 'a number' : describeValue(value);
}

/** The part of a check's message that says what is accepted: of "received …; accepted: …" or "takes …; received …". */
function acceptedOf(message: string): string | undefined {
  const parts = message.split('; ');
  if (parts.length < 2) return undefined;
  const last = parts.at(-1) ?? '';
  const accepted = last.startsWith('received') ? parts.slice(0, -1).join('; ') : last;
  return accepted.replace(/^accepted(?: is| are)?:? /, '');
}
