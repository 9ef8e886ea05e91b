import { decodeMessage } from '#core/message/codec.ts';
import { unknownVersionDelay } from '#core/message/trouble.ts';
import { type DrainPorts, handleDrain } from './drain.ts';
import { handleSegment, type SegmentPorts } from './segment.ts';

/** What to do with the message: delete it, or leave it in the queue until its visibility ends. */
export type Handled = 'done' | 'keep';

export interface MessagePorts extends SegmentPorts, DrainPorts {
  /** Makes the message unseen for so many milliseconds. */
  postpone(delay: number): Promise<void>;
  /** Queues a message of a version this code does not know once more, unseen for `delay` milliseconds. */
  sendAgain(body: string, delay: number): Promise<void>;
}

/**
 * Handles one message of the fan-out queue: the deliveries of an event's segment, or a step of a drain.
 *
 * @throws Error when it is neither; then it ends in quarantine
 */
export async function handleMessage(body: string, ports: MessagePorts): Promise<Handled> {
  const message = decodeMessage(body);
  switch (message.kind) {
    case 'unknown-version':
      await ports.sendAgain(body, unknownVersionDelay);
      return 'done';
    case 'fan-out': {
      const outcome = await handleSegment(message, ports);
      if (outcome === 'done') return 'done';
      await ports.postpone(Math.max(0, outcome.busyUntil - ports.now()));
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
