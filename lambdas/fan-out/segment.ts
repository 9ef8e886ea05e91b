import { lostAfter } from '#core/delivery/attention.ts';
import { type DispatchPorts, dispatch } from '#core/delivery/dispatch.ts';
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
  /** Runs `work`, of which no call may begin or be waited for after the deadline (epoch milliseconds). */
  within(deadline: number, work: () => Promise<void>): Promise<void>;
}

/** `busyUntil`: another function is at work on it until then (epoch milliseconds); the message must come again. */
export type SegmentOutcome = 'done' | { readonly busyUntil: number };

// Far above what a hundred messages take, and short enough that who comes after a crash seldom waits for it.
const portionWithin = 15_000;
const lease = portionWithin + 1_000;

/**
 * Queues the deliveries of one segment, a portion at a time. Its progress is noted before and after each portion: who
 * receives the message again goes on where the one before stopped, and only the portion that was under way then is
 * sent once more, as a repetition, so that deliver looks at the item first and claims it.
 *
 * @throws Error when its segment is not there, or when a delivery could not be made durable
 */
export async function handleSegment(message: FanOutMessage, ports: SegmentPorts): Promise<SegmentOutcome> {
  const { applicationId, eventId, segment } = message;
  const [event, endpoints, standing] = await Promise.all([
    ports.event(applicationId, eventId),
    ports.segment(eventId, segment),
    ports.progress.get(eventId, segment),
  ]);
  // It was stored before its message was sent: so it was deleted meanwhile, and its deliveries are ended elsewhere.
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
    // After an hour the reconcile function may have queued what has no item.
    const isFirst = !portion.isRepeat && now - event.timestamp < lostAfter;
    const sent = endpoints.slice(portion.from, portion.to);
    await ports.within(now + portionWithin, () => dispatch([{ event, endpoints: sent }], isFirst, ports));
    progress = finished(begun);
    portion = nextPortion(progress, endpoints.length);
  } while (portion !== undefined);
  // Whoever meets another revision here was too slow: somebody else repeats the last portion and says the rest.
  await ports.progress.store(event, segment, { ...progress, until: 0, revision: progress.revision + 1 });
  return 'done';
}
