import { type DispatchPorts, dispatch } from '../core/delivery/dispatch.ts';
import type { MatchedEndpoint, StoredEvent } from '../core/event/event.ts';
import { decodeMessage } from '../core/message/codec.ts';
import { unknownVersionDelay } from '../core/message/trouble.ts';

export interface SegmentPorts extends DispatchPorts {
  /** Queues a message of a version this code does not know once more, unseen for `delay` milliseconds. */
  sendAgain(body: string, delay: number): Promise<void>;
  event(applicationId: string, eventId: string): Promise<StoredEvent | undefined>;
  segment(eventId: string, segment: number): Promise<readonly MatchedEndpoint[] | undefined>;
}

/**
 * Queues the deliveries of one segment.
 *
 * @param receiveCount above 1 when an earlier try may have sent some of them: then deliver looks before it sends
 * @throws Error when the message is no fan-out message, or its event or segment is not there
 */
export async function handleSegment(body: string, receiveCount: number, ports: SegmentPorts): Promise<void> {
  const message = decodeMessage(body);
  if (message.kind === 'unknown-version') return ports.sendAgain(body, unknownVersionDelay);
  if (message.kind !== 'fan-out') {
    throw new Error(
      `expected a fan-out message, received ${message.kind === 'malformed' ? message.reason : message.kind}`,
    );
  }
  const [event, endpoints] = await Promise.all([
    ports.event(message.applicationId, message.eventId),
    ports.segment(message.eventId, message.segment),
  ]);
  if (!event || !endpoints) {
    throw new Error(
      `segment ${message.segment} of event ${message.eventId} has no ${event ? 'endpoints' : 'event'}`,
    );
  }
  await dispatch([{ event, endpoints }], message.first !== false && receiveCount === 1, ports);
}
