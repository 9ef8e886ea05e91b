import { decodeMessage } from '../core/message/codec.ts';
import { type DrainPorts, handleDrain } from './drain.ts';
import { handleSegment, type SegmentPorts } from './segment.ts';

/**
 * Handles one message of the fan-out queue: the deliveries of an event's segment, or a step of a drain.
 *
 * @param receiveCount how often it was received, this time included
 * @throws Error when it is neither; then it ends in quarantine
 */
export async function handleMessage(
  body: string,
  receiveCount: number,
  ports: SegmentPorts & DrainPorts,
): Promise<void> {
  const message = decodeMessage(body);
  switch (message.kind) {
    case 'fan-out':
      return handleSegment(message, receiveCount, ports);
    case 'drain':
      return handleDrain(message, ports);
    default:
      throw new Error(
        `expected a fan-out or drain message, received ${message.kind === 'malformed' ? message.reason : message.kind}`,
      );
  }
}
