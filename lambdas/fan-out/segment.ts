import { type DispatchPorts, dispatch } from '#core/delivery/dispatch.ts';
import { lostAfter } from '#core/delivery/watchdog.ts';
import type { MatchedEndpoint, StoredEvent } from '#core/event/event.ts';
import type { FanOutMessage } from '#core/message/message.ts';
import { beginning, finished, nextPortion, type Progress } from './progress.ts';

export interface SegmentPorts extends DispatchPorts {
  event(applicationId: string, eventId: string): Promise<StoredEvent | undefined>;
  segment(eventId: string, segment: number): Promise<readonly MatchedEndpoint[] | undefined>;
  readonly progress: {
    /** Consistent. */
    get(eventId: string, segment: number): Promise<Progress | undefined>;
    /** False when the revision before it is not the one that stands; then nothing was changed. */
    store(event: StoredEvent, segment: number, next: Progress): Promise<boolean>;
  };
  /** Runs `work`, which starts no call and waits for none after the deadline (epoch milliseconds). */
  within(deadline: number, work: () => Promise<void>): Promise<void>;
}

/** `busyUntil`: another function works on it until then (epoch milliseconds), so the message must come again. */
export type SegmentOutcome = 'done' | { readonly busyUntil: number };

// Far more than a hundred messages take, and short enough for a receiver after a crash to rarely wait.
const portionWithin = 15_000;
const lease = portionWithin + 1_000;

/**
 * Queues the deliveries of one segment, a portion at a time, and writes its progress before and after each portion. After a
 * crash the next receiver of the message continues there. It sends only the interrupted portion again, marked as a repeat,
 * so that deliver reads the items first.
 *
 * @throws Error when the segment does not exist, or when a delivery could not be made durable
 */
export async function handleSegment(message: FanOutMessage, ports: SegmentPorts): Promise<SegmentOutcome> {
  const { applicationId, eventId, segment } = message;
  const [event, endpoints, standing] = await Promise.all([
    ports.event(applicationId, eventId),
    ports.segment(eventId, segment),
    ports.progress.get(eventId, segment),
  ]);
  // The event was stored before this message was sent. So it was deleted, and a task ends its deliveries.
  if (!event) return 'done';
  if (!endpoints) throw new Error(`segment ${segment} of event ${eventId} has no endpoints`);
  let portion = nextPortion(standing, endpoints.length);
  if (portion === undefined) return 'done';
  if (standing !== undefined && standing.until > ports.now()) return { busyUntil: standing.until };
  let progress = standing;
  do {
    const now = ports.now();
    const begun = beginning(progress, portion, now + lease);
    if (!(await ports.progress.store(event, segment, begun))) return { busyUntil: begun.until };
    // After an hour the reconcile function may have queued deliveries without an item.
    const isFirst = !portion.isRepeat && now - event.timestamp < lostAfter;
    const sent = endpoints.slice(portion.from, portion.to);
    await ports.within(now + portionWithin, () => dispatch([{ event, endpoints: sent }], isFirst, ports));
    progress = finished(begun);
    portion = nextPortion(progress, endpoints.length);
  } while (portion !== undefined);
  // When another revision stands, this function was too slow: another one repeats the last portion and writes the end.
  await ports.progress.store(event, segment, { ...progress, until: 0, revision: progress.revision + 1 });
  return 'done';
}
