import { lostAfter } from '#core/delivery/attention.ts';
import { type Delivery, type DeliveryKey, newDelivery } from '#core/delivery/delivery.ts';
import { wakeUp } from '#core/delivery/release.ts';
import { askedAt, isOnItsWay, redrivable, restart, retryable } from '#core/delivery/restart.ts';
import type { MatchedEndpoint, StoredEvent } from '#core/event/event.ts';
import type { DeadLetterMessage } from '#core/message/message.ts';
import type { Task } from '#core/task/task.ts';
import type { RedrivePorts } from './ports.ts';

export type Started = 'started' | 'skipped';

/**
 * Whether a webhook could leave for the endpoint. Deliver cancels what belongs to a disabled or deleted one, and a
 * dead letter is better left where it can be found.
 */
export async function isReachable(endpointId: string, ports: RedrivePorts): Promise<boolean> {
  const record = await ports.endpoint(endpointId);
  return record !== undefined && record.state.status !== 'disabled';
}

/** Redrives the delivery of a dead letter that came through the queue. */
export async function redriveLetter(letter: DeadLetterMessage, ports: RedrivePorts): Promise<Started> {
  const delivery = await ports.deliveries.get(letter.endpointId, letter.eventId);
  if (!delivery || delivery.applicationId !== letter.applicationId) return 'skipped';
  if (delivery.generation === letter.generation + 1 && isOnItsWay(delivery, ports.now())) {
    // What this letter itself would have made stands already: a crash may have come before its message was sent.
    await ports.wake(delivery, wakeUp(delivery), 0);
    return 'skipped';
  }
  if (delivery.generation !== letter.generation) return 'skipped';
  if (!(await isReachable(letter.endpointId, ports))) return 'skipped';
  const { kind } = await restart(ports, delivery, redrivable, ports.now());
  return kind === 'restarted' ? 'started' : 'skipped';
}

/** Redrives a delivery that was dead when its task was asked for, whatever its generation. */
export async function redriveDelivery(
  { applicationId, createdAt }: Pick<Task, 'applicationId' | 'createdAt'>,
  { endpointId, eventId }: DeliveryKey,
  ports: RedrivePorts,
): Promise<Started> {
  const delivery = await ports.deliveries.get(endpointId, eventId);
  if (delivery?.applicationId !== applicationId || delivery.state.status !== 'dead') return 'skipped';
  const { kind } = await restart(ports, delivery, askedAt(createdAt, redrivable), ports.now());
  return kind === 'restarted' ? 'started' : 'skipped';
}

interface Replaying {
  /** When it was asked for, epoch milliseconds. */
  readonly createdAt: number;
  readonly event: StoredEvent;
  /** Whether the endpoints were named: then a success is no reason to leave one. */
  readonly byName: boolean;
}

/**
 * Sends an event once more to an endpoint that it matched.
 *
 * @param delivery as it stands, undefined without an item
 */
export async function replayDelivery(
  { createdAt, event, byName }: Replaying,
  matched: MatchedEndpoint,
  delivery: Delivery | undefined,
  ports: RedrivePorts,
): Promise<Started> {
  const now = ports.now();
  const of = { applicationId: event.applicationId, eventId: event.id, ...matched };
  const age = now - event.deliverAt;
  if (!delivery && age < ports.retention) {
    if (age < lostAfter) return 'skipped';
    const lost = newDelivery(of, event.timestamp);
    await ports.wake(lost, wakeUp(lost), 0);
    return 'started';
  }
  // Without an item after all this time it was settled, and how is forgotten.
  if (!delivery && !byName) return 'skipped';
  const forgotten = () => newDelivery(of, event.timestamp);
  const asked = delivery ? retryable(now, byName) : () => ['queued' as const];
  const { kind } = await restart(ports, delivery ?? forgotten(), askedAt(createdAt, asked), now);
  return kind === 'restarted' ? 'started' : 'skipped';
}
