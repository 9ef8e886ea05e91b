import { longestQueueDelay } from '#core/delivery/dispatch.ts';

/** Milliseconds to whole seconds of DelaySeconds, rounded up so that nothing is early, at most SQS's 900. */
export function delaySeconds(milliseconds: number): number {
  return Math.min(longestQueueDelay / 1_000, Math.max(0, Math.ceil(milliseconds / 1_000)));
}
