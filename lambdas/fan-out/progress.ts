/** How far the fan-out of a segment came. Counts are of its endpoints, from the first. */
export interface Progress {
  /** So many deliveries are durably queued or held. */
  readonly done: number;
  /** So many may be: whoever worked on those above `done` has not said what became of them. */
  readonly begun: number;
  /** Until then (epoch milliseconds) whoever wrote this is at work on them, and nobody else may be. */
  readonly until: number;
  /** Grows by one with each stored change and guards it. */
  readonly revision: number;
}

/** Deliveries that are sent between two notes of the progress. */
export interface Portion {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Some of them may have been sent by whoever was at work before. */
  readonly isRepeat: boolean;
}

// Ten full calls to a queue, all at a time. After a crash at most these few may be sent twice; noting each call would
// cost ten times as many writes.
const portionSize = 100;

/** What to send next; undefined when all is done. */
export function nextPortion(progress: Progress | undefined, total: number): Portion | undefined {
  const { done, begun } = progress ?? { done: 0, begun: 0 };
  if (done >= total) return undefined;
  if (begun > done) return { from: done, to: Math.min(begun, total), isRepeat: true };
  return { from: done, to: Math.min(done + portionSize, total), isRepeat: false };
}

/** Says, before anything of it is sent, that a portion is about to be; what was below it is done. */
export const beginning = (
  progress: Progress | undefined,
  { from, to }: Portion,
  until: number,
): Progress => ({ done: from, begun: to, until, revision: (progress?.revision ?? 0) + 1 });

/** All of the portion that was begun last is durable. */
export const finished = (progress: Progress): Progress => ({ ...progress, done: progress.begun });
