import { Problem } from '#core/problem/problem.ts';

/**
 * Waits for a message to be sent.
 *
 * @throws Problem `unavailable` when the queue refuses it
 */
export async function orUnavailable(sent: Promise<void>): Promise<void> {
  try {
    await sent;
  } catch (cause) {
    throw new Problem('unavailable', {
      detail: 'the queue is unavailable; it is safe to retry',
      headers: { 'retry-after': '2' },
      cause,
    });
  }
}
