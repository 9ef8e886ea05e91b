import type { createLifecycle } from '../adapters/eventbridge/lifecycle.ts';
import type { Queue } from '../adapters/sqs/queue.ts';
import type { DeadLetterMessage } from '../core/message/message.ts';

/** Tells of a delivery that died: people by the dead-letter queue, rules by the lifecycle bus. */
export function createDeadLetters(queue: Queue, lifecycle: ReturnType<typeof createLifecycle>) {
  return async (message: DeadLetterMessage): Promise<void> => {
    const { failed, cause } = await queue.send([{ body: message, groupId: message.endpointId }]);
    if (failed.length > 0) throw new Error('the dead-letter queue refused a message', { cause });
    const { applicationId, endpointId, eventId, generation, reason } = message;
    await lifecycle.publish({
      type: 'delivery.dead',
      applicationId,
      endpointId,
      eventId,
      generation,
      reason,
    });
  };
}
