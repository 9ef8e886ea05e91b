import type * as z from 'zod/mini';
import { describeValue } from '#core/json/describe.ts';
import { type FieldError, Problem } from '#core/problem/problem.ts';
import type { ProblemCode } from '#core/problem/problem-codes.ts';
import { formatPath, valueAt } from './path.ts';

type Issue = z.core.$ZodIssue;

export interface ValidateOptions<Output> {
  readonly schema: z.ZodMiniType<Output>;
  /** What the schema judges. */
  readonly value: unknown;
  /** What the caller sent, when the value was made from it: messages speak of this. */
  readonly received?: unknown;
  readonly code?: ProblemCode;
  /** Where the value lies in the whole that was sent. */
  readonly path?: readonly PropertyKey[];
}

// A broken batch of everything would otherwise answer with more than was sent.
const longestList = 20;
const issuesRead = 100;

/**
 * The schema's output, or a Problem that lists what is wrong, each with what was received and is accepted.
 *
 * @throws Problem (`validation_failed`, or `code`)
 */
export function validate<Output>(options: ValidateOptions<Output>): Output {
  const { schema, value, received = value, code = 'validation_failed', path = [] } = options;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, issuesRead).flatMap(flatten);
  const errors = issues.flatMap((issue) => fieldErrors(issue, received, path)).slice(0, issuesRead);
  throw problemOf(errors.filter(isFirstOfItsKind).slice(0, longestList), code);
}

/** A Problem that names the first error and lists all. */
export function problemOf(errors: readonly FieldError[], code: ProblemCode = 'validation_failed'): Problem {
  const [first] = errors;
  if (first === undefined) throw new RangeError('a problem needs at least one error');
  return new Problem(code, {
    detail: first.field === '' ? first.message : `${first.field}: ${first.message}`,
    field: first.field,
    ...(first.accepted === undefined ? {} : { accepted: first.accepted }),
    errors,
  });
}

/** An error whose message says what was received and what is accepted. */
export function fieldError(path: readonly PropertyKey[], received: string, accepted: string): FieldError {
  return { field: formatPath(path), message: `received ${received}; accepted: ${accepted}`, accepted };
}

// Several checks of one schema say the same thing, as its text is all of what is accepted.
function isFirstOfItsKind(error: FieldError, index: number, all: readonly FieldError[]): boolean {
  return all.findIndex(({ field, message }) => field === error.field && message === error.message) === index;
}

/** Of a union, the issues of the one branch whose type fits: they say more than "no branch fits". */
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
    return [{ field: formatPath(path), message: issue.message, ...acceptedOf(issue.message) }];
  }
  return [fieldError(path, describe(issue.path, received), issue.message)];
}

const confidential = /secur|secret|token|password|authorization|headers/i;

function describe(path: readonly PropertyKey[], received: unknown): string {
  const value = valueAt(received, path);
  // A value that fails its check may still be a secret: with a blank too many, without its quotes, or sent alone.
  if (path.length > 0 && !path.some((segment) => confidential.test(String(segment))))
    return describeValue(value);
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  return typeof value === 'number' ? 'a number' : describeValue(value);
}

/** Messages of checks name both halves, in either order: "received …; accepted: …" or "takes …; received …". */
function acceptedOf(message: string): { accepted?: string } {
  const parts = message.split('; ');
  if (parts.length < 2) return {};
  const last = parts.at(-1) ?? '';
  const accepted = last.startsWith('received') ? parts.slice(0, -1).join('; ') : last;
  return { accepted: accepted.replace(/^accepted(?: is| are)?:? /, '') };
}
