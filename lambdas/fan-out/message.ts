import { decodeMessage } from '../core/message/codec.ts';
import { unknownVersionDelay } from '../core/message/trouble.ts';
import { type DrainPorts, handleDrain } from './drain.ts';
import { handleSegment, type SegmentPorts } from './segment.ts';

export interface MessagePorts extends SegmentPorts, DrainPorts {
  /** Queues a message of a version this code does not know once more, unseen for `delay` milliseconds. */
  sendAgain(body: string, delay: number): Promise<void>;
}

/**
 * Handles one message of the fan-out queue: the deliveries of an event's segment, or a step of a drain.
 *
 * @param receiveCount how often it was received, this time included
 * @throws Error when it is neither; then it ends in quarantine
 */
export async function handleMessage(body: string, receiveCount: number, ports: MessagePorts): Promise<void> {
  const message = decodeMessage(body);
  switch (message.kind) {
    case 'unknown-version':
      return ports.sendAgain(body, unknownVersionDelay);
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
