import { wakeUp } from '#core/delivery/messages.ts';
import { isOnItsWay, redrivable, restart } from '#core/delivery/restart.ts';
import type { DeadLetterMessage } from '#core/message/message.ts';
import { isReachable, type RestartPorts } from './reachable.ts';

/** Redrives the delivery of a dead letter that an operator moved to the redrive queue. */
export async function redriveLetter(letter: DeadLetterMessage, ports: RestartPorts): Promise<void> {
  const delivery = await ports.deliveries.get(letter.endpointId, letter.eventId);
  if (!delivery || delivery.applicationId !== letter.applicationId) return;
  if (delivery.generation === letter.generation + 1 && isOnItsWay(delivery, ports.now())) {
    // An earlier receive of this letter may have started this generation and crashed before it queued the message.
    await ports.wake(delivery, wakeUp(delivery), 0);
    return;
  }
  if (delivery.generation !== letter.generation) return;
  if (!(await isReachable(letter.endpointId, ports))) return;
  await restart(ports, delivery, redrivable, ports.now());
}
