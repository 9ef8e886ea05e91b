import { Problem } from '#core/problem/problem.ts';

/**
 * Sends by `send`, and says of a queue that refuses what a caller can do about it.
 *
 * @throws Problem `unavailable`
 */
export function orUnavailable<Parameters extends readonly unknown[]>(
  send: (...parameters: Parameters) => Promise<void>,
): (...parameters: Parameters) => Promise<void> {
  return async (...parameters) => {
    try {
      await send(...parameters);
    } catch (cause) {
      throw new Problem('unavailable', {
        detail: 'a queue took no message; try again, nothing is started twice',
        headers: { 'retry-after': '2' },
        cause,
      });
    }
  };
}
