import type { Command } from '#core/delivery/decision.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import { deadLetterOf } from '#core/delivery/messages.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import type { DeliverPorts } from './ports.ts';

export async function carryOut(
  command: Command,
  delivery: Delivery,
  message: DeliveryMessage,
  ports: DeliverPorts,
): Promise<void> {
  // Not a first message any more: there may be two copies, and only the item tells them apart.
  const again = { ...message, first: false, generation: delivery.generation };
  switch (command.kind) {
    case 'wake':
      return ports.wake(again, command.delay);
    case 'divert':
      return ports.divert(again);
    case 'dead-letter':
      return ports.deadLetter(deadLetterOf(delivery, command));
    case 'announce-expiry':
      return ports.expired(delivery);
    case 'disable-endpoint':
      return ports.disable(delivery, command.reason, command.asOf);
  }
}
