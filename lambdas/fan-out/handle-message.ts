import { decodeMessage } from '#core/message/codec.ts';
import { unknownVersionDelay } from '#core/message/delays.ts';
import type { Handled, ReceivedMessage } from '#core/message/received.ts';
import { type DrainPorts, handleDrain } from './drain.ts';
import { handleSegment, type SegmentPorts } from './segment.ts';

export interface FanOutPorts extends SegmentPorts, DrainPorts {
  /** Makes a received message invisible for `delay` milliseconds. */
  postpone(receiptHandle: string, delay: number): Promise<void>;
  /** Queues a message of a version that this release does not know again, invisible for `delay` milliseconds. */
  sendAgain(received: ReceivedMessage, delay: number): Promise<void>;
}

/**
 * Handles one message of the fan-out queue: the deliveries of an event's segment, or a step of a drain.
 *
 * @throws Error when it is neither, so that it ends in quarantine
 */
export async function handleMessage(received: ReceivedMessage, ports: FanOutPorts): Promise<Handled> {
  const message = decodeMessage(received.body);
  switch (message.kind) {
    case 'unknown-version':
      await ports.sendAgain(received, unknownVersionDelay);
      return 'done';
    case 'fan-out': {
      const outcome = await handleSegment(message, ports);
      if (outcome === 'done') return 'done';
      await ports.postpone(received.receiptHandle, Math.max(0, outcome.busyUntil - ports.now()));
      return 'keep';
    }
    case 'drain':
      await handleDrain(message, ports);
      return 'done';
    default:
      throw new Error(
        `expected a fan-out or drain message, received ${message.kind === 'malformed' ? message.reason : message.kind}`,
      );
  }
}
