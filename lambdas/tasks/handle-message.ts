import { decodeMessage } from '#core/message/codec.ts';
import { unknownVersionDelay } from '#core/message/delays.ts';
import type { ReceivedMessage } from '#core/message/received.ts';
import { redriveLetter } from './dead-letter.ts';
import { handleStep, type TaskStepPorts } from './task-step.ts';

export type TaskPorts = TaskStepPorts & {
  /** Queues a message of a version that this release does not know again, invisible for `delay` milliseconds. */
  sendAgain(received: ReceivedMessage, delay: number): Promise<void>;
  /** Puts an unreadable body into the dead-letter queue, where operators look. */
  setAside(body: string): Promise<void>;
  /** Logs why a message was set aside. */
  onUnreadable(reason: string): void;
};

/** Handles one message of the redrive queue: a step of a task, or a dead letter that an operator moved here. */
export async function handleTaskMessage(received: ReceivedMessage, ports: TaskPorts): Promise<void> {
  const message = decodeMessage(received.body);
  switch (message.kind) {
    case 'dead-letter':
      return redriveLetter(message, ports);
    case 'task':
      return handleStep(message, received.receiveCount, ports);
    case 'unknown-version':
      return ports.sendAgain(received, unknownVersionDelay);
    default:
      // A move of the whole dead-letter queue also brings messages that are not dead letters. They go back.
      ports.onUnreadable(message.kind === 'malformed' ? message.reason : `a ${message.kind} message`);
      return ports.setAside(received.body);
  }
}
