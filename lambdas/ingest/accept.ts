import { type Dispatch, type DispatchPorts, dispatch, type Outgoing } from '../core/delivery/dispatch.ts';
import {
  inlineEndpoints,
  type MatchedEndpoint,
  type Priority,
  type StoredEvent,
  segmentSize,
} from '../core/event/event.ts';
import type { FanOutMessage } from '../core/message/message.ts';
import type { Match, MatchableEvent } from '../core/routing/routing-index.ts';

/** An event that passed validation. Durations in milliseconds. */
export interface NewEvent {
  readonly type: string;
  readonly source?: string;
  readonly tags: readonly string[];
  readonly priority?: Priority;
  readonly delay: number;
  /** The text of `payload` exactly as it was sent. */
  readonly payload: string;
}

/** Everything accepting an event touches outside this process. */
export interface AcceptPorts extends DispatchPorts {
  newEventId(): string;
  /** Undefined when there is no such application. */
  match(applicationId: string, event: MatchableEvent): Promise<readonly Match[] | undefined>;
  readonly events: {
    create(event: StoredEvent): Promise<unknown>;
    createSegments(event: StoredEvent, matched: readonly MatchedEndpoint[]): Promise<void>;
  };
  /** Queues segments; rejects when the queue refuses one. */
  fanOut(messages: readonly Outgoing<FanOutMessage>[]): Promise<void>;
}

export interface Accepted {
  readonly eventId: string;
  readonly webhookCount: number;
}

/**
 * Makes events durable and queues their deliveries. When it resolves, each event is stored and each matched
 * delivery is queued or held; when it rejects, the caller must not say that anything was accepted.
 *
 * @returns undefined when there is no such application
 */
export async function acceptEvents(
  applicationId: string,
  events: readonly NewEvent[],
  ports: AcceptPorts,
): Promise<readonly Accepted[] | undefined> {
  const matched = await Promise.all(events.map((event) => matchEvent(applicationId, event, ports)));
  const known = matched.filter((one) => one !== undefined);
  if (known.length < matched.length) return undefined;
  await Promise.all(known.map((one) => store(one, ports)));
  const isWide = ({ endpoints }: Dispatch) => endpoints.length > inlineEndpoints;
  await Promise.all([
    fanOut(known.filter(isWide), ports),
    dispatch(
      known.filter((one) => !isWide(one)),
      true,
      ports,
    ),
  ]);
  return known.map(({ event }) => ({ eventId: event.id, webhookCount: event.endpointCount }));
}

async function matchEvent(
  applicationId: string,
  event: NewEvent,
  ports: AcceptPorts,
): Promise<Dispatch | undefined> {
  const id = ports.newEventId();
  const timestamp = ports.now();
  const matches = await ports.match(applicationId, {
    id,
    type: event.type,
    source: event.source,
    tags: event.tags,
    timestamp: new Date(timestamp).toISOString(),
    payload: () => JSON.parse(event.payload),
  });
  if (!matches) return undefined;
  const endpoints = matches.map((match) => ({
    endpointId: match.endpointId,
    priority: event.priority ?? match.priority ?? 'normal',
  }));
  return {
    endpoints,
    event: {
      id,
      applicationId,
      type: event.type,
      ...(event.source === undefined ? {} : { source: event.source }),
      tags: event.tags,
      timestamp,
      deliverAt: timestamp + event.delay,
      payload: Buffer.from(event.payload),
      endpointCount: endpoints.length,
      endpoints: endpoints.length <= inlineEndpoints ? endpoints : [],
    },
  };
}

async function store({ event, endpoints }: Dispatch, ports: AcceptPorts): Promise<void> {
  // Segments first: whoever finds the event finds all that it was matched to.
  if (endpoints.length > inlineEndpoints) await ports.events.createSegments(event, endpoints);
  await ports.events.create(event);
}

async function fanOut(wide: readonly Dispatch[], ports: AcceptPorts): Promise<void> {
  const messages = wide.flatMap(({ event, endpoints }) =>
    Array.from({ length: Math.ceil(endpoints.length / segmentSize) }, (_, segment) => ({
      body: {
        v: 1 as const,
        kind: 'fan-out' as const,
        applicationId: event.applicationId,
        eventId: event.id,
        segment,
      },
      groupId: event.applicationId,
      delay: 0,
    })),
  );
  if (messages.length > 0) await ports.fanOut(messages);
}
