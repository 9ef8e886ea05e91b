/** How far the fan-out of a segment has come. Counts are of its endpoints, from the first. */
export interface Progress {
  /** Deliveries that are durably queued or held. */
  readonly done: number;
  /** Deliveries that were begun. Those above `done` may be queued or not. */
  readonly begun: number;
  /** Until then (epoch milliseconds) the function that wrote this works on them, and no other may. */
  readonly until: number;
  /** Grows by one with each stored change and guards it. */
  readonly revision: number;
}

/** Deliveries that are sent between two writes of the progress. */
export interface Portion {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Some of them may have been sent before. */
  readonly isRepeat: boolean;
}

// Ten full calls to a queue, all at the same time. After a crash at most one portion is sent twice. To write the progress
// for each call would cost ten times as much.
const portionSize = 100;

/** What to send next; undefined when all is done. */
export function nextPortion(progress: Progress | undefined, total: number): Portion | undefined {
  const { done, begun } = progress ?? { done: 0, begun: 0 };
  if (done >= total) return undefined;
  if (begun > done) return { from: done, to: Math.min(begun, total), isRepeat: true };
  return { from: done, to: Math.min(done + portionSize, total), isRepeat: false };
}

/** The progress before a portion is sent: everything below it is done. */
export const beginning = (
  progress: Progress | undefined,
  { from, to }: Portion,
  until: number,
): Progress => ({ done: from, begun: to, until, revision: (progress?.revision ?? 0) + 1 });

/** The progress after the last portion is durable. */
export const finished = (progress: Progress): Progress => ({ ...progress, done: progress.begun });
