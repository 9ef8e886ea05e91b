import type { DeadLetterMessage, DeliveryMessage } from '#core/message/message.ts';
import type { Death, Delivery } from './delivery.ts';

export function wakeUp({
  applicationId,
  endpointId,
  eventId,
  priority,
  generation,
}: Delivery): DeliveryMessage {
  const of = { applicationId, endpointId, eventId, priority, generation };
  return { v: 1, kind: 'delivery', ...of, first: false };
}

export function deadLetterOf(
  { applicationId, endpointId, eventId }: Delivery,
  { generation, reason }: Pick<Death, 'generation' | 'reason'>,
): DeadLetterMessage {
  return { v: 1, kind: 'dead-letter', applicationId, endpointId, eventId, generation, reason };
}
