import { decodeMessage } from '#core/message/codec.ts';
import { unknownVersionDelay } from '#core/message/trouble.ts';
import type { RedrivePorts } from './ports.ts';
import { redriveLetter } from './start-again.ts';
import { handleStep } from './step.ts';

/** Handles one message of the redrive queue: a dead letter that an operator moved here, or a step of a task. */
export async function handleRedrive(body: string, receiveCount: number, ports: RedrivePorts): Promise<void> {
  const message = decodeMessage(body);
  switch (message.kind) {
    case 'dead-letter':
      await redriveLetter(message, ports);
      return;
    case 'task':
      return handleStep(message, receiveCount, ports);
    case 'unknown-version':
      return ports.sendAgain(body, unknownVersionDelay);
    default:
      // Somebody moved all there was: what is no dead letter goes back to where it was kept.
      ports.unreadable(message.kind === 'malformed' ? message.reason : `a ${message.kind} message`);
      return ports.setAside(body);
  }
}
