import type { LifecycleBus } from '#core/lifecycle/announce.ts';
import type { DeadLetterMessage } from '#core/message/message.ts';
import type { Queue } from './queue.ts';
import { sendOne } from './send-one.ts';

/** Reports a delivery that died: to people through the dead-letter queue, to rules through the lifecycle bus. */
export function createDeadLetters(queue: Queue, lifecycle: LifecycleBus) {
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
