import type { Outgoing } from '#core/delivery/dispatch.ts';
import type { Message } from '#core/message/message.ts';
import { delaySeconds } from './delays.ts';
import type { Queue } from './queue.ts';

/**
 * Queues one message, for callers who cannot go on without it.
 *
 * @param what - the message, for the error's text.
 * @throws Error when the queue refuses it, with SQS's reason as its cause
 */
export async function sendOne(
  queue: Queue,
  { body, groupId, delay }: Outgoing<Message>,
  what: string,
): Promise<void> {
  const { failed, cause } = await queue.send([{ body, groupId, delaySeconds: delaySeconds(delay) }]);
  if (failed.length > 0) throw new Error(`the queue refused ${what}`, { cause });
}
