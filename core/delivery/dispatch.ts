import { type MatchedEndpoint, type Priority, type StoredEvent, segmentSize } from '#core/event/event.ts';
import { carryEvent } from '#core/message/codec.ts';
import type { CarriedEvent, DeliveryMessage } from '#core/message/message.ts';
import { type Delivery, newDelivery } from './delivery.ts';

/** A message on its way to a queue. `delay` in milliseconds. */
export interface Outgoing<Body> {
  readonly body: Body;
  /** The fairness group: no group's backlog delays another's. */
  readonly groupId: string;
  readonly delay: number;
}

export interface DispatchPorts {
  /** Epoch milliseconds. */
  now(): number;
  /** Stores a delivery that waits outside the queues. One that has an item already stays unchanged. */
  hold(delivery: Delivery): Promise<unknown>;
  /** Queues deliveries by their priority and returns those that the queue refused. Never rejects. */
  queue(
    priority: Priority,
    messages: readonly Outgoing<DeliveryMessage>[],
  ): Promise<readonly Outgoing<DeliveryMessage>[]>;
}

/** A stored event and (some of) the endpoints that it is delivered to. */
export interface Dispatch {
  readonly event: StoredEvent;
  readonly endpoints: readonly MatchedEndpoint[];
}

/** The longest delay of SQS in milliseconds. What waits longer is held in the table. */
export const longestQueueDelay = 900_000;

/** Which events have a delivery that could not be made durable, and why. */
export type DispatchErrors = ReadonlyMap<string, unknown>;

/**
 * Queues deliveries, or holds those that wait long. When it resolves, every delivery is durably one or the other.
 *
 * @param first false when this may repeat an earlier dispatch: then deliver reads the item before it sends, as it does for
 * delayed messages
 * @throws the error because of which a delivery could not be made durable
 */
export async function dispatch(
  all: readonly Dispatch[],
  first: boolean,
  ports: DispatchPorts,
): Promise<void> {
  for (const error of (await dispatchEach(all, first, ports)).values()) throw error;
}

/**
 * Like `dispatch`, but returns the errors by event and never rejects. When it resolves, nothing is under way any more.
 * Several events go together, so that their messages share batches.
 */
export async function dispatchEach(
  all: readonly Dispatch[],
  first: boolean,
  ports: DispatchPorts,
): Promise<DispatchErrors> {
  const now = ports.now();
  const later = all.filter(({ event }) => event.deliverAt - now > longestQueueDelay);
  const soon = all.filter(({ event }) => event.deliverAt - now <= longestQueueDelay);
  const held = later.flatMap(({ event, endpoints }) =>
    endpoints.map((endpoint) => scheduled(event, endpoint)),
  );
  const errors = await Promise.all([holdAll(held, ports), queueOrHold(soon, first, now, ports)]);
  return new Map(errors.flatMap((some) => [...some]));
}

async function holdAll(deliveries: readonly Delivery[], ports: DispatchPorts): Promise<DispatchErrors> {
  const errors = new Map<string, unknown>();
  await Promise.all(
    deliveries.map(async (delivery) => {
      try {
        await ports.hold(delivery);
      } catch (error) {
        errors.set(delivery.eventId, error);
      }
    }),
  );
  return errors;
}

async function queueOrHold(
  all: readonly Dispatch[],
  first: boolean,
  now: number,
  ports: DispatchPorts,
): Promise<DispatchErrors> {
  const messages = all.flatMap(({ event, endpoints }) => {
    const carried = endpoints.length > 0 ? carryEvent(event) : undefined;
    const delay = Math.max(0, event.deliverAt - now);
    return endpoints.map((endpoint) => ({
      // The event may be deleted during the delay, so deliver reads the item before it sends.
      body: firstMessage(event, endpoint, carried, first && delay === 0),
      groupId: isVeryWide(event) ? event.applicationId : endpoint.endpointId,
      delay,
    }));
  });
  const byPriority = Map.groupBy(messages, ({ body }) => body.priority);
  const refused = await Promise.all([...byPriority].map(([priority, group]) => ports.queue(priority, group)));
  const events = new Map(all.map(({ event }) => [event.id, event]));
  // A refused delivery is held and due at once, so that a 202 stays true.
  const held = refused.flat().map(({ body }) => {
    const event = events.get(body.eventId);
    if (!event) throw new Error(`the queue refused ${body.eventId}, which was never sent to it`);
    return scheduled(event, body);
  });
  return holdAll(held, ports);
}

// Each endpoint is a group, so that one with a flood does not delay the others. But an event for a hundred thousand
// endpoints would be as many quiet groups, and the deliveries of all other applications would wait behind them.
const isVeryWide = ({ endpointCount }: StoredEvent): boolean => endpointCount > segmentSize;

function firstMessage(
  event: StoredEvent,
  endpoint: MatchedEndpoint,
  carried: CarriedEvent | undefined,
  first: boolean,
): DeliveryMessage {
  return {
    v: 1,
    kind: 'delivery',
    applicationId: event.applicationId,
    endpointId: endpoint.endpointId,
    eventId: event.id,
    priority: endpoint.priority,
    generation: 1,
    first,
    ...(carried ? { event: carried } : {}),
  };
}

function scheduled(event: StoredEvent, { endpointId, priority }: MatchedEndpoint): Delivery {
  const of = { applicationId: event.applicationId, eventId: event.id, endpointId, priority };
  return {
    ...newDelivery(of, event.timestamp),
    revision: 1,
    state: { status: 'held', heldFor: 'scheduled', since: event.timestamp, dueAt: event.deliverAt },
  };
}
