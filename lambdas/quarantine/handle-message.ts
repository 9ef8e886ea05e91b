import type { Command } from '#core/delivery/decision.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import { deadLetterOf } from '#core/delivery/messages.ts';
import { type Deliveries, moveDelivery, unstored } from '#core/delivery/transition.ts';
import { isEndpointId, isEventId } from '#core/id/ids.ts';
import { decodeMessage } from '#core/message/codec.ts';
import type { DeadLetterMessage, DeliveryMessage, FanOutMessage } from '#core/message/message.ts';
import type { Handled } from '#core/message/received.ts';

/** What the quarantine touches outside this process. Times are epoch milliseconds. */
export interface QuarantinePorts {
  now(): number;
  readonly deliveries: Deliveries;
  deadLetter(message: DeadLetterMessage): Promise<void>;
  /** Disables an endpoint, unless its status changed after `asOf`. */
  disable(
    endpoint: { readonly applicationId: string; readonly endpointId: string },
    reason: string,
    asOf: number,
  ): Promise<void>;
  eventExists(applicationId: string, eventId: string): Promise<boolean>;
  /** Queues a segment again, invisible for `delay` milliseconds; rejects when it is refused. */
  fanOut(message: FanOutMessage, delay: number): Promise<void>;
  /** Puts a body that no function can handle into the dead-letter queue, where operators look. */
  setAside(body: string): Promise<void>;
  report(done: QuarantineReport): void;
}

/** What was done with a message, for the log. */
export interface QuarantineReport {
  readonly what: 'held' | 'dead' | 'sent-again' | 'settled' | 'waits' | 'set-aside';
  readonly why: string;
}

// Each time the segment is received twelve times, so it is tried for most of a day.
const mostSendings = 3;
const sendAgainDelay = 15 * 60_000;

/**
 * Handles one message that was received so often that its queue moved it to quarantine. Rejects when a table or a queue is
 * unavailable.
 */
export async function handleQuarantined(body: string, ports: QuarantinePorts): Promise<Handled> {
  const message = decodeMessage(body);
  switch (message.kind) {
    case 'delivery':
      if (!isEventId(message.eventId) || !isEndpointId(message.endpointId))
        return setAside(body, 'a delivery message without valid ids', ports);
      return setBack(message, ports);
    case 'fan-out':
      return sendAgain(message, body, ports);
    case 'drain':
      // The scheduler looks at the endpoint every minute and starts the step again.
      ports.report({ what: 'settled', why: 'a step of a drain' });
      return 'done';
    case 'unknown-version':
      // A newer release wrote it, and the quarantine function of that release can handle it.
      ports.report({ what: 'waits', why: `version ${message.version} is unknown to this release` });
      return 'keep';
    default:
      return setAside(
        body,
        message.kind === 'malformed' ? message.reason : `a ${message.kind} message`,
        ports,
      );
  }
}

async function setAside(body: string, why: string, ports: QuarantinePorts): Promise<Handled> {
  await ports.setAside(body);
  ports.report({ what: 'set-aside', why });
  return 'done';
}

/** Holds the delivery and, the fourth time, makes it dead, so that it is listed and can be redriven once the cause is fixed. */
async function setBack(message: DeliveryMessage, ports: QuarantinePorts): Promise<Handled> {
  const { endpointId, eventId, generation } = message;
  const clock = { now: ports.now, random: () => 0 };
  const found = (await ports.deliveries.get(endpointId, eventId)) ?? unstored(message, ports.now());
  const { delivery, decision } = await moveDelivery(
    ports.deliveries,
    found,
    { kind: 'quarantined', generation },
    clock,
  );
  for (const command of decision.commands) await carryOut(command, delivery, ports);
  const waits = decision.next.kind !== 'acknowledge';
  const held = decision.store?.state.status === 'held';
  const what = waits ? 'waits' : held ? 'held' : decision.store ? 'dead' : 'settled';
  ports.report({ what, why: `delivery of ${eventId} to ${endpointId}` });
  return waits ? 'keep' : 'done';
}

async function carryOut(command: Command, delivery: Delivery, ports: QuarantinePorts): Promise<void> {
  switch (command.kind) {
    case 'dead-letter':
      return ports.deadLetter(deadLetterOf(delivery, command));
    case 'disable-endpoint':
      return ports.disable(delivery, command.reason, command.asOf);
    default:
      throw new Error(
        `unexpected command "${command.kind}" while dead-lettering a quarantined message; expected dead-letter or disable-endpoint`,
      );
  }
}

/** Sends a segment again. Its stored progress says which of its deliveries are not queued yet. */
async function sendAgain(message: FanOutMessage, body: string, ports: QuarantinePorts): Promise<Handled> {
  const { applicationId, eventId, segment, again = 0 } = message;
  const why = `segment ${segment} of ${eventId}`;
  if (!(await ports.eventExists(applicationId, eventId))) {
    ports.report({ what: 'settled', why: `${why}: the event was deleted` });
    return 'done';
  }
  if (again >= mostSendings) return setAside(body, `${why} was sent again ${again} times`, ports);
  await ports.fanOut({ ...message, again: again + 1 }, sendAgainDelay);
  ports.report({ what: 'sent-again', why });
  return 'done';
}
