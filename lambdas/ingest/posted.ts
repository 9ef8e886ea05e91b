import { internalError, problemFor } from '#adapters/http-api/failure.ts';
import type { NewEvent } from '#core/event/event.ts';
import { type BatchItem, parseBatch, parseEvent } from '#core/event/parse-event.ts';
import { type Problem, type ProblemDocument, problemDocument } from '#core/problem/problem.ts';
import type { Outcome } from './accept.ts';

/** What a body asks for, and how the outcomes of its events are told. */
export interface PostedBody {
  readonly events: readonly NewEvent[];
  /**
   * The body of a 202.
   *
   * @throws whatever kept the events from being accepted, when none was
   */
  answer(outcomes: readonly Outcome[]): string;
}

/** @throws Problem: validation_failed (400), payload_too_large (413) */
export function readOne(text: string): PostedBody {
  const events = [parseEvent(text)];
  return {
    events,
    answer: ([outcome]) => {
      if (!outcome) throw new Error('one event was to be accepted and none came back');
      if (outcome.kind === 'failed') throw outcome.error;
      if (outcome.kind === 'refused') throw outcome.problem;
      return JSON.stringify(accepted(outcome));
    },
  };
}

/**
 * Each event has its own result, in order: those that are not valid, those that their types do not take and those that
 * met trouble of ours say so, and the others are accepted.
 *
 * @throws Problem `validation_failed` when the body is no batch
 */
export function readMany(text: string): PostedBody {
  const items = parseBatch(text);
  const events = items.flatMap((item) => (item.ok ? [item.event] : []));
  return {
    events,
    answer: (outcomes) => {
      const failure = firstFailure(outcomes);
      if (failure && outcomes.every(({ kind }) => kind === 'failed')) throw failure.error;
      return batchAnswer(items, outcomes);
    },
  };
}

export function firstFailure(outcomes: readonly Outcome[]): Extract<Outcome, { kind: 'failed' }> | undefined {
  return outcomes.find((outcome) => outcome.kind === 'failed');
}

type Result = ReturnType<typeof accepted> | { readonly success: false; readonly error: ProblemDocument };

// What an answer may have: it is kept under its idempotency key, and an item of the table holds 400 KB.
const longestAnswer = 256 * 1024;

function batchAnswer(items: readonly BatchItem[], outcomes: readonly Outcome[]): string {
  const rest = outcomes.values();
  const results = items.map((item): Result => {
    if (!item.ok) return refused(item.problem);
    const outcome = rest.next().value;
    if (!outcome) throw new Error('fewer events came back than were accepted');
    if (outcome.kind === 'accepted') return accepted(outcome);
    return refused(
      outcome.kind === 'refused' ? outcome.problem : (problemFor(outcome.error) ?? internalError),
    );
  });
  const answer = JSON.stringify({ results });
  if (answer.length <= longestAnswer) return answer;
  // Of a batch that is wrong throughout, the first thing that is wrong with each event says enough.
  return JSON.stringify({ results: results.map(withoutList) });
}

const accepted = ({ eventId, webhookCount }: Extract<Outcome, { kind: 'accepted' }>) =>
  ({ success: true, eventId, webhookCount }) as const;

const refused = (problem: Problem): Result => ({ success: false, error: problemDocument(problem) });

function withoutList(result: Result): Result {
  if (result.success) return result;
  const { errors, ...error } = result.error;
  return { ...result, error };
}
