import { joined } from '#core/concurrency/joined.ts';
import type { Message } from '#core/message/message.ts';
import type { Queue, QueuedMessage } from './queue.ts';

const mostAtATime = 10;

/**
 * Queues one message at a time for callers who cannot go on without it; those that are sent together share a batch.
 *
 * @returns a function that rejects when the queue refuses the message, with SQS's reason as the error's cause
 */
export function createJoinedSend(queue: Queue): (message: QueuedMessage) => Promise<void> {
  const send = joined(
    () => 'all',
    mostAtATime,
    async (messages: readonly QueuedMessage[]) => {
      const { failed, cause } = await queue.send(messages);
      return messages.map((_, index) => ({ isRefused: failed.includes(index), cause }));
    },
  );
  return async (message) => {
    const { isRefused, cause } = await send(message);
    if (isRefused) throw new Error(`the queue refused ${described(message.body)}`, { cause });
  };
}

const described = (body: Message): string =>
  'eventId' in body ? `the ${body.kind} message of ${body.eventId}` : `a ${body.kind} message`;
