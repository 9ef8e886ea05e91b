import { internalError, problemFor } from '#adapters/http-api/failure.ts';
import type { BatchItem } from '#core/event/parse-event.ts';
import { type Problem, type ProblemDocument, problemDocument } from '#core/problem/problem.ts';
import type { Accepted, AcceptOutcome } from './accept.ts';

type Result = ReturnType<typeof success> | { readonly success: false; readonly error: ProblemDocument };

// The answer is stored under its idempotency key, and an item of the table holds 400 KB.
const longestAnswer = 256 * 1024;

export const failedIn = (outcomes: readonly AcceptOutcome[]) =>
  outcomes.find((outcome) => outcome.kind === 'failed');

/** @throws what kept the one event from being accepted */
export function acceptedIn([outcome]: readonly AcceptOutcome[]): Accepted {
  if (outcome === undefined) throw new Error('one event was posted and has no outcome');
  if (outcome.kind === 'failed') throw outcome.error;
  if (outcome.kind === 'refused') throw outcome.problem;
  return outcome;
}

/** @throws what kept the one event from being accepted */
export const singleAnswer = (outcomes: readonly AcceptOutcome[]): string =>
  JSON.stringify(success(acceptedIn(outcomes)));

/** @param outcomes of the items that are ok, in order */
export function batchAnswer(items: readonly BatchItem[], outcomes: readonly AcceptOutcome[]): string {
  const rest = outcomes.values();
  const results = items.map((item): Result => {
    if (!item.ok) return failure(item.problem);
    const outcome = rest.next().value;
    if (outcome === undefined) throw new Error('an event of the batch has no outcome');
    if (outcome.kind === 'accepted') return success(outcome);
    return failure(
      outcome.kind === 'refused' ? outcome.problem : (problemFor(outcome.error) ?? internalError),
    );
  });
  const answer = JSON.stringify({ results });
  // If the lists of errors make the answer too long, the first error of each event has to do.
  return answer.length <= longestAnswer ? answer : JSON.stringify({ results: results.map(withoutErrors) });
}

const success = ({ eventId, webhookCount }: Accepted) => ({ success: true, eventId, webhookCount }) as const;

const failure = (problem: Problem): Result => ({ success: false, error: problemDocument(problem) });

function withoutErrors(result: Result): Result {
  if (result.success) return result;
  const { errors, ...error } = result.error;
  return { ...result, error };
}
