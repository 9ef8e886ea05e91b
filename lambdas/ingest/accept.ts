import { createLanes } from '#core/concurrency/concurrency.ts';
import {
  type Dispatch,
  type DispatchErrors,
  type DispatchPorts,
  dispatchEach,
  type Outgoing,
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
import type { RequestWork } from '#core/routing/request-work.ts';
import type { Match } from '#core/routing/routing-index.ts';

/** The ids that the events get. */
export interface KeyClaim {
  /** One for each event, in order. */
  readonly eventIds: readonly string[];
  /** An earlier request may have stored and queued some of the events. Those are used as they are stored. */
  readonly repeat: boolean;
}

/** What `acceptEvents` needs of the world. */
export interface AcceptPorts extends DispatchPorts {
  /**
   * Undefined when the application does not exist.
   *
   * @throws Problem for which `isRefusal` holds, when the event's type refuses the event; `unavailable` when the events
   * before it used the steps of the request
   */
  match(
    applicationId: string,
    event: FilterableEvent,
    work: RequestWork,
  ): Promise<readonly Match[] | undefined>;
  /** For the filters and schemas of one request. */
  requestWork(applicationId: string): RequestWork;
  readonly events: {
    /** Reads consistently. */
    get(applicationId: string, eventId: string): Promise<StoredEvent | undefined>;
    create(event: StoredEvent): Promise<'created' | { readonly exists: StoredEvent }>;
    createSegments(event: StoredEvent, matched: readonly MatchedEndpoint[]): Promise<void>;
  };
  /** Queues segments and returns those that the queue refused. Never rejects. */
  fanOut(messages: readonly Outgoing<FanOutMessage>[]): Promise<readonly Outgoing<FanOutMessage>[]>;
}

/** The result of one event. */
export type AcceptOutcome = Accepted | Refused | Failed;

/** The event is stored, and each matched delivery is queued or held. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly eventId: string;
  readonly webhookCount: number;
}

/** The event's type refuses the event. Nothing of it was stored. */
interface Refused {
  readonly kind: 'refused';
  readonly problem: Problem;
}

/** The event must not be answered as accepted, although parts of it may be stored. */
interface Failed {
  readonly kind: 'failed';
  readonly error: unknown;
}

// The segments of a wide event take megabytes while they are stored. Those of a whole batch would fill the memory.
const wideAtATime = 4;

/** A stored event on its way to the queues. */
interface Stored extends Dispatch {
  readonly kind: 'stored';
  readonly first: boolean;
}

/**
 * Makes events durable and queues their deliveries. Each event has its own outcome, in order. It never rejects, and when
 * it resolves no call is running any more, so that another request may repeat the work at once.
 */
export async function acceptEvents(
  applicationId: string,
  events: readonly NewEvent[],
  { eventIds, repeat }: KeyClaim,
  ports: AcceptPorts,
): Promise<readonly AcceptOutcome[]> {
  const inLanes = createLanes(wideAtATime);
  const work = ports.requestWork(applicationId);
  const storeSegments = (event: StoredEvent, matched: () => readonly MatchedEndpoint[]) =>
    inLanes(() => ports.events.createSegments(event, matched()));
  const outcomes = await Promise.all(
    events.map(async (event, index): Promise<Stored | Refused | Failed> => {
      try {
        const id = eventIds[index];
        if (id === undefined) throw new Error(`${events.length} events have ${eventIds.length} ids`);
        const earlier = repeat ? await ports.events.get(applicationId, id) : undefined;
        return earlier
          ? onItsWay(earlier, false)
          : await store(applicationId, id, event, work, storeSegments, ports);
      } catch (error) {
        return isRefusal(error) ? { kind: 'refused', problem: error } : { kind: 'failed', error };
      }
    }),
  );
  const errors = await queue(
    outcomes.filter((one) => one.kind === 'stored'),
    ports,
  );
  return outcomes.map((one) => {
    if (one.kind !== 'stored') return one;
    const { id, endpointCount } = one.event;
    return errors.has(id)
      ? { kind: 'failed', error: errors.get(id) }
      : { kind: 'accepted', eventId: id, webhookCount: endpointCount };
  });
}

const onItsWay = (event: StoredEvent, first: boolean): Stored => ({
  kind: 'stored',
  event,
  endpoints: event.endpoints,
  first,
});

async function store(
  applicationId: string,
  id: string,
  event: NewEvent,
  work: RequestWork,
  storeSegments: (event: StoredEvent, matched: () => readonly MatchedEndpoint[]) => Promise<void>,
  ports: AcceptPorts,
): Promise<Stored> {
  const timestamp = ports.now();
  const filterable: FilterableEvent = {
    id,
    type: event.type,
    source: event.source,
    tags: event.tags,
    timestamp: new Date(timestamp).toISOString(),
    payloadLength: event.payload.length,
    payload: () => JSON.parse(event.payload),
  };
  const matches = await ports.match(applicationId, filterable, work);
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
    source: event.source,
    tags: event.tags,
    timestamp,
    deliverAt: timestamp + event.delay,
    payload: pack(Buffer.from(event.payload)),
    endpointCount: matches.length,
    endpoints: isWide ? [] : matched(),
    hops: event.hops || undefined,
  };
  // Segments are stored first, so that a reader of the event finds all matched endpoints.
  if (isWide) await storeSegments(stored, matched);
  const created = await ports.events.create(stored);
  // Only an earlier try of the same event can have stored it, for example one whose answer was lost.
  return created === 'created' ? onItsWay(stored, true) : onItsWay(created.exists, false);
}

async function queue(stored: readonly Stored[], ports: AcceptPorts): Promise<DispatchErrors> {
  const isWide = ({ event }: Stored) => event.endpointCount > inlineEndpoints;
  const narrow = stored.filter((one) => !isWide(one));
  const errors = await Promise.all([
    fanOut(stored.filter(isWide), ports),
    ...[true, false].map((first) =>
      dispatchEach(
        narrow.filter((one) => one.first === first),
        first,
        ports,
      ),
    ),
  ]);
  return new Map(errors.flatMap((some) => [...some]));
}

async function fanOut(wide: readonly Stored[], ports: AcceptPorts): Promise<DispatchErrors> {
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
    detail: 'a queue is unavailable; try again',
    headers: { 'retry-after': '2' },
  });
