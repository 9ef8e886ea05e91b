import type { Next } from '#core/delivery/decision.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import type { Handled, ReceivedMessage } from '#core/message/received.ts';
import { queuedFor } from '#core/rate-limit/slot.ts';
import type { DeliverPorts } from './ports.ts';

// Twelve receives end in quarantine. So a message may wait by visibility a few times, then a new one replaces it.
const receivesBeforeNewMessage = 6;
const longestVisibility = 900_000;

/** Lets the message come again: by its visibility if it is in the retry queue, otherwise as a new message there. */
export async function requeue(
  { until, slot }: Extract<Next, { kind: 'requeue' }>,
  message: DeliveryMessage,
  { receiptHandle, receiveCount }: ReceivedMessage,
  ports: DeliverPorts,
): Promise<Handled> {
  const left = Math.max(0, until - ports.now());
  const delay = slot === undefined ? left : queuedFor(left, slot);
  const isReused = receiveCount < receivesBeforeNewMessage && delay <= longestVisibility;
  if (ports.queueClass === 'retry' && isReused) {
    await ports.postpone(receiptHandle, delay);
    return 'keep';
  }
  await ports.wake({ ...message, first: false }, delay);
  return 'done';
}
