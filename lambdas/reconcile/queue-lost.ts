import type { DeliveryKey } from '#core/delivery/delivery.ts';
import { type DispatchPorts, dispatch } from '#core/delivery/dispatch.ts';
import {
  inlineEndpoints,
  type ListedEvent,
  type MatchedEndpoint,
  type StoredEvent,
} from '#core/event/event.ts';
import { allMatched, type ReadSegment } from '#core/event/matched.ts';

export interface LostPorts extends DispatchPorts {
  /** Whether this invocation has time for more. */
  hasTime(): boolean;
  /** How long settled deliveries are kept, in milliseconds. */
  readonly retention: number;
  event(applicationId: string, eventId: string): Promise<StoredEvent | undefined>;
  readonly segment: ReadSegment;
  /** Those of the deliveries that have no item. */
  without(deliveries: readonly DeliveryKey[]): Promise<readonly DeliveryKey[]>;
}

/**
 * Queues the deliveries of a page of events that have no item, in the order of the events.
 *
 * @returns how many, and the last event that is done when the time was over before the page, because a hundred wide
 * events may take longer than an invocation
 */
export async function queueLost(
  events: readonly ListedEvent[],
  ports: LostPorts,
): Promise<{ readonly queued: number; readonly stoppedAfter?: string }> {
  let queued = 0;
  let last: string | undefined;
  for (const group of inGroups(events)) {
    if (last !== undefined && !ports.hasTime()) return { queued, stoppedAfter: last };
    // The item of a delivery that settled a retention ago has expired, too.
    const open = group.filter(({ deliverAt }) => ports.now() - deliverAt < ports.retention);
    const narrow = open.filter((event) => !isWide(event));
    queued += await queueThose(
      narrow.map((event) => ({ event, endpoints: event.endpoints })),
      ports,
    );
    for (const event of open.filter(isWide)) {
      for await (const endpoints of allMatched(event, ports.segment)) {
        queued += await queueThose([{ event, endpoints }], ports);
      }
    }
    last = group.at(-1)?.id;
  }
  return { queued };
}

const isWide = ({ endpointCount }: ListedEvent): boolean => endpointCount > inlineEndpoints;

/** A wide event is a group by itself. The others between wide events form one. */
function inGroups(events: readonly ListedEvent[]): ListedEvent[][] {
  const groups: ListedEvent[][] = [];
  for (const event of events) {
    const last = groups.at(-1);
    if (last && !isWide(event) && !last.some(isWide)) last.push(event);
    else groups.push([event]);
  }
  return groups;
}

async function queueThose(
  all: readonly { readonly event: ListedEvent; readonly endpoints: readonly MatchedEndpoint[] }[],
  ports: LostPorts,
): Promise<number> {
  const keys = all.flatMap(({ event, endpoints }) =>
    endpoints.map(({ endpointId }) => ({ endpointId, eventId: event.id })),
  );
  if (keys.length === 0) return 0;
  const missing = new Set((await ports.without(keys)).map(keyText));
  const lost = all
    .map(({ event, endpoints }) => ({
      event,
      endpoints: endpoints.filter(({ endpointId }) =>
        missing.has(keyText({ endpointId, eventId: event.id })),
      ),
    }))
    .filter(({ endpoints }) => endpoints.length > 0);
  const found = await Promise.all(
    lost.map(async ({ event, endpoints }) => {
      const whole = await ports.event(event.applicationId, event.id);
      return whole === undefined ? [] : [{ event: whole, endpoints }];
    }),
  );
  const queued = found.flat();
  // Not as first messages: the original may still exist, so the receiver reads the item before it sends.
  if (queued.length > 0) await dispatch(queued, false, ports);
  return queued.reduce((count, { endpoints }) => count + endpoints.length, 0);
}

const keyText = ({ endpointId, eventId }: DeliveryKey): string => `${endpointId} ${eventId}`;
