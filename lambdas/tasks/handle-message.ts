import { decodeMessage } from '#core/message/codec.ts';
import type { ReceivedMessage } from '#core/message/received.ts';
import { unknownVersionDelay } from '#core/message/trouble.ts';
import type { RedrivePorts } from './ports.ts';
import { redriveLetter } from './start-again.ts';
import { handleStep } from './step.ts';

/** Handles one message of the redrive queue: a step of a task, or a dead letter that an operator moved here. */
export async function handleTaskMessage(received: ReceivedMessage, ports: RedrivePorts): Promise<void> {
  const message = decodeMessage(received.body);
  switch (message.kind) {
    case 'dead-letter':
      await redriveLetter(message, ports);
      return;
    case 'task':
      return handleStep(message, received.receiveCount, ports);
    case 'unknown-version':
      return ports.sendAgain(received, unknownVersionDelay);
    default:
      // A move of the whole dead-letter queue brings what is not a dead letter, too. It goes back.
      ports.unreadable(message.kind === 'malformed' ? message.reason : `a ${message.kind} message`);
      return ports.setAside(received.body);
  }
}
