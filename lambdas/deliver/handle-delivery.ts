import type { Fact } from '#core/delivery/fact.ts';
import { moveDelivery } from '#core/delivery/transition.ts';
import { CredentialsUnavailable } from '#core/encryption/errors.ts';
import { timeOf } from '#core/id/ids.ts';
import { decodeMessage } from '#core/message/codec.ts';
import { unknownVersionDelay } from '#core/message/delays.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import type { Handled, ReceivedMessage } from '#core/message/received.ts';
import { attempt } from './attempt.ts';
import { awaitSlot } from './await-slot.ts';
import { carryOut } from './commands.ts';
import type { DeliverPorts } from './ports.ts';
import { receive } from './receive.ts';
import { recheckHold } from './recheck-hold.ts';
import { recordOutcome } from './record-outcome.ts';
import { requeue } from './requeue.ts';
import { reserveSlot } from './reserve-slot.ts';
import { type Probe, takeProbe } from './take-probe.ts';

/** Handles one message of a delivery queue. Rejects when a table or a queue fails; then the message comes again. */
export async function handleDelivery(received: ReceivedMessage, ports: DeliverPorts): Promise<Handled> {
  const message = decodeMessage(received.body);
  if (message.kind === 'unknown-version') {
    await ports.sendAgain(received, unknownVersionDelay);
    return 'done';
  }
  if (message.kind !== 'delivery') {
    throw new Error(
      `expected a delivery message, received ${message.kind === 'malformed' ? message.reason : message.kind}`,
    );
  }
  const { endpointId, eventId, generation } = message;
  const key = `${endpointId} ${eventId} ${generation}`;
  return ports.once(key, () => deliverOrWait(message, received, ports));
}

/** Waits for the credentials of an endpoint if they are unavailable. */
async function deliverOrWait(
  message: DeliveryMessage,
  received: ReceivedMessage,
  ports: DeliverPorts,
): Promise<Handled> {
  try {
    return await deliver(message, received, ports);
  } catch (error) {
    if (error instanceof CredentialsUnavailable) return awaitCredentials(message, error, ports);
    throw error;
  }
}

// Milliseconds. A short outage delays little, and a long one costs few messages.
const shortestWait = 5_000;
const longestWait = 600_000;

/**
 * Sends a new message instead of letting this one come again, because a message that fails often ends in quarantine, and
 * no delivery may die while KMS is down or an operator has disabled the key. The wait grows with the age of the event and
 * varies, so that the deliveries that waited do not all come back at the same moment.
 */
async function awaitCredentials(
  message: DeliveryMessage,
  error: CredentialsUnavailable,
  ports: DeliverPorts,
): Promise<Handled> {
  ports.onCredentialsUnavailable(message, error);
  const age = ports.now() - timeOf(message.eventId);
  const wait = Math.min(longestWait, Math.max(shortestWait, age / 2));
  await ports.wake({ ...message, first: false }, wait * (0.75 + ports.random() / 2));
  return 'done';
}

/** Decides, stores the delivery if its revision still stands, and performs what follows, which leads to the next fact. */
async function deliver(
  message: DeliveryMessage,
  received: ReceivedMessage,
  ports: DeliverPorts,
): Promise<Handled> {
  const { work, ...first } = await receive(message, received, ports);
  let delivery = first.delivery;
  let fact: Fact = first.fact;
  let probe: Probe | undefined;
  try {
    for (;;) {
      const moved = await moveDelivery(ports.deliveries, delivery, fact, ports);
      const { store, commands, next } = moved.decision;
      delivery = moved.delivery;
      if (store) await recheckHold(delivery, ports);
      for (const command of commands) await carryOut(command, delivery, message, ports);
      if (fact.kind === 'attempted' && work) await recordOutcome(delivery, work, fact, probe, ports);
      if (next.kind === 'acknowledge') return 'done';
      if (next.kind === 'requeue') return await requeue(next, message, received, ports);
      if (!work) throw new Error(`endpoint ${message.endpointId} is deleted; unexpected step "${next.kind}"`);
      switch (next.kind) {
        case 'reserve_slot':
          fact = await reserveSlot(next, work, ports);
          break;
        case 'await_slot':
          fact = await awaitSlot(next, work, ports);
          break;
        case 'take_probe':
          ({ fact, probe } = await takeProbe(work, ports));
          break;
        case 'attempt':
          fact = await attempt(delivery, work, probe, ports);
          break;
      }
    }
  } finally {
    // A function freezes at its end, and a mark that is not stored by then would come too late.
    await Promise.all(work?.marks ?? []);
  }
}
