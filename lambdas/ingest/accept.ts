import { createLanes } from '#core/concurrency/concurrency.ts';
import {
  type Dispatch,
  type DispatchPorts,
  dispatchEach,
  type Outgoing,
  type Troubles,
} from '#core/delivery/dispatch.ts';
import { pack } from '#core/event/compression.ts';
import {
  inlineEndpoints,
  type MatchedEndpoint,
  type NewEvent,
  type StoredEvent,
  segmentSize,
} from '#core/event/event.ts';
import { isRefusal } from '#core/event-type/refusal.ts';
import type { FilterableEvent } from '#core/filter/field.ts';
import type { FanOutMessage } from '#core/message/message.ts';
import { notFound, Problem } from '#core/problem/problem.ts';
import type { Match } from '#core/routing/routing-index.ts';

/** Which events these are to be. */
export interface Claim {
  /** One for each event, in order. */
  readonly eventIds: readonly string[];
  /** An earlier request may have stored and queued some of them: what it stored is used as it stands. */
  readonly repeat: boolean;
}

/** Everything accepting an event touches outside this process. */
export interface AcceptPorts extends DispatchPorts {
  /**
   * Undefined when there is no such application.
   *
   * @throws Problem for which `isRefusal` holds, when the event's type does not take it
   */
  match(applicationId: string, event: FilterableEvent): Promise<readonly Match[] | undefined>;
  readonly events: {
    /** Reads consistently. */
    get(applicationId: string, eventId: string): Promise<StoredEvent | undefined>;
    create(event: StoredEvent): Promise<'created' | { readonly exists: StoredEvent }>;
    createSegments(event: StoredEvent, matched: readonly MatchedEndpoint[]): Promise<void>;
  };
  /** Queues segments and returns those that the queue refused. Never rejects. */
  fanOut(messages: readonly Outgoing<FanOutMessage>[]): Promise<readonly Outgoing<FanOutMessage>[]>;
}

/** What became of one event. */
export type Outcome = Accepted | Refused | Failed;

/** It is stored, and each matched delivery is queued or held. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly eventId: string;
  readonly webhookCount: number;
}

/** Its type does not take it: nothing of it was stored. */
interface Refused {
  readonly kind: 'refused';
  readonly problem: Problem;
}

/** The caller must not say that it was accepted, though some of it may be. */
interface Failed {
  readonly kind: 'failed';
  readonly error: unknown;
}

// What a wide event matched takes megabytes on its way to the table: those of a whole batch would fill the function.
const wideAtATime = 4;

/** A stored event on its way to the queues. */
interface Stored extends Dispatch {
  readonly kind: 'stored';
  readonly first: boolean;
}

/**
 * Makes events durable and queues their deliveries. Each event has an outcome of its own, in order. Never rejects,
 * and when it resolves nothing is under way any more, so that somebody else may try again at once.
 */
export async function acceptEvents(
  applicationId: string,
  events: readonly NewEvent[],
  { eventIds, repeat }: Claim,
  ports: AcceptPorts,
): Promise<readonly Outcome[]> {
  const inTurn = createLanes(wideAtATime);
  const storeSegments = (event: StoredEvent, matched: () => readonly MatchedEndpoint[]) =>
    inTurn(() => ports.events.createSegments(event, matched()));
  const outcomes = await Promise.all(
    events.map(async (event, index): Promise<Stored | Refused | Failed> => {
      try {
        const id = eventIds[index];
        if (id === undefined) throw new Error(`${events.length} events have ${eventIds.length} ids`);
        return (
          (repeat && (await earlier(applicationId, id, ports))) ||
          (await store(applicationId, id, event, storeSegments, ports))
        );
      } catch (error) {
        return isRefusal(error) ? { kind: 'refused', problem: error } : { kind: 'failed', error };
      }
    }),
  );
  const troubles = await queue(
    outcomes.filter((one) => one.kind === 'stored'),
    ports,
  );
  return outcomes.map((one) => {
    if (one.kind !== 'stored') return one;
    const { id, endpointCount } = one.event;
    return troubles.has(id)
      ? { kind: 'failed', error: troubles.get(id) }
      : { kind: 'accepted', eventId: id, webhookCount: endpointCount };
  });
}

async function earlier(applicationId: string, id: string, ports: AcceptPorts): Promise<Stored | undefined> {
  const event = await ports.events.get(applicationId, id);
  return event && { kind: 'stored', event, endpoints: event.endpoints, first: false };
}

async function store(
  applicationId: string,
  id: string,
  event: NewEvent,
  storeSegments: (event: StoredEvent, matched: () => readonly MatchedEndpoint[]) => Promise<void>,
  ports: AcceptPorts,
): Promise<Stored> {
  const timestamp = ports.now();
  const matches = await ports.match(applicationId, {
    id,
    type: event.type,
    source: event.source,
    tags: event.tags,
    timestamp: new Date(timestamp).toISOString(),
    payload: () => JSON.parse(event.payload),
  });
  if (!matches) throw notFound('application', applicationId);
  const matched = () =>
    matches.map(({ endpointId, priority = 'normal' }) => ({
      endpointId,
      priority: event.priority ?? priority,
    }));
  const isWide = matches.length > inlineEndpoints;
  const stored: StoredEvent = {
    id,
    applicationId,
    type: event.type,
    ...(event.source === undefined ? {} : { source: event.source }),
    tags: event.tags,
    timestamp,
    deliverAt: timestamp + event.delay,
    payload: pack(Buffer.from(event.payload)),
    endpointCount: matches.length,
    endpoints: isWide ? [] : matched(),
  };
  // Segments first: whoever finds the event finds all that it was matched to.
  if (isWide) await storeSegments(stored, matched);
  const created = await ports.events.create(stored);
  // Only an earlier try of this very event can have been before us, if need be one whose answer got lost.
  return created === 'created'
    ? { kind: 'stored', event: stored, endpoints: stored.endpoints, first: true }
    : { kind: 'stored', event: created.exists, endpoints: created.exists.endpoints, first: false };
}

async function queue(stored: readonly Stored[], ports: AcceptPorts): Promise<Troubles> {
  const isWide = ({ event }: Stored) => event.endpointCount > inlineEndpoints;
  const narrow = stored.filter((one) => !isWide(one));
  const troubles = await Promise.all([
    fanOut(stored.filter(isWide), ports),
    ...[true, false].map((first) =>
      dispatchEach(
        narrow.filter((one) => one.first === first),
        first,
        ports,
      ),
    ),
  ]);
  return new Map(troubles.flatMap((some) => [...some]));
}

async function fanOut(wide: readonly Stored[], ports: AcceptPorts): Promise<Troubles> {
  const messages = wide.flatMap(({ event }) =>
    Array.from({ length: Math.ceil(event.endpointCount / segmentSize) }, (_, segment) => ({
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
  const refused = messages.length > 0 ? await ports.fanOut(messages) : [];
  return new Map(refused.map(({ body }) => [body.eventId, queueRefused()]));
}

const queueRefused = () =>
  new Problem('unavailable', {
    detail: 'a queue that this depends on is busy or away; try again',
    headers: { 'retry-after': '2' },
  });
