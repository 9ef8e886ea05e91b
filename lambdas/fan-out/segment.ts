import { type DispatchPorts, dispatch } from '../core/delivery/dispatch.ts';
import type { MatchedEndpoint, StoredEvent } from '../core/event/event.ts';
import type { FanOutMessage } from '../core/message/message.ts';

export interface SegmentPorts extends DispatchPorts {
  event(applicationId: string, eventId: string): Promise<StoredEvent | undefined>;
  segment(eventId: string, segment: number): Promise<readonly MatchedEndpoint[] | undefined>;
}

/**
 * Queues the deliveries of one segment.
 *
 * @param receiveCount above 1 when an earlier try may have sent some of them: then deliver looks before it sends
 * @throws Error when its segment is not there
 */
export async function handleSegment(
  message: FanOutMessage,
  receiveCount: number,
  ports: SegmentPorts,
): Promise<void> {
  const [event, endpoints] = await Promise.all([
    ports.event(message.applicationId, message.eventId),
    ports.segment(message.eventId, message.segment),
  ]);
  // It was stored before its message was sent: so it was deleted meanwhile, and its deliveries are ended elsewhere.
  if (!event) return;
  if (!endpoints) throw new Error(`segment ${message.segment} of event ${message.eventId} has no endpoints`);
  await dispatch([{ event, endpoints }], message.first !== false && receiveCount === 1, ports);
}
