import type { createLifecycle } from '../adapters/eventbridge/lifecycle.ts';
import type { Queue } from '../adapters/sqs/queue.ts';
import { sendOne } from '../adapters/sqs/send-one.ts';
import type { DeadLetterMessage } from '../core/message/message.ts';

/** Tells of a delivery that died: people by the dead-letter queue, rules by the lifecycle bus. */
export function createDeadLetters(queue: Queue, lifecycle: ReturnType<typeof createLifecycle>) {
  return async (message: DeadLetterMessage): Promise<void> => {
    const letter = { body: message, groupId: message.endpointId, delay: 0 };
    await sendOne(queue, letter, `the dead letter of ${message.eventId}`);
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
