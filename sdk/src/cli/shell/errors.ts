import { ApiError, NoAnswerError } from '../../client/errors.ts';
import { Hook0Error } from '../../errors.ts';

/** The command line is wrong. */
export class UsageError extends Hook0Error {
  override readonly name = 'UsageError';
}

/** A person pressed Ctrl-C. The message says how far the command came and how to go on. */
export class InterruptedError extends Hook0Error {
  override readonly name = 'InterruptedError';
}

/** The error, every further invalid field, and what to do about it. */
export function errorText(error: Hook0Error): string {
  if (error instanceof NoAnswerError) {
    return `${error.message}\nhint: hook0 doctor checks the address, the token and the clocks`;
  }
  if (!(error instanceof ApiError)) return error.message;
  const more = error.errors.slice(1).map(({ field, message }) => `\n    ${field}: ${message}`);
  const accepted =
    error.httpStatus === 403 && error.accepted !== undefined ? `\nhint: use ${error.accepted}` : '';
  return error.message + more.join('') + (hints[error.code] ?? accepted);
}

const hints: Readonly<Record<string, string>> = {
  token_invalid: '\nhint: log in again with hook0 login, or set HOOK0_TOKEN to a token of this deployment',
};
