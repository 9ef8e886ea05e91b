import { decodeMessage, encodeMessage } from '#core/message/codec.ts';
import type { Message } from '#core/message/message.ts';

export type QueueName =
  | 'high'
  | 'normal'
  | 'low'
  | 'retry'
  | 'slow'
  | 'fan-out'
  | 'redrive'
  | 'quarantine'
  | 'dead-letter';

export interface Queued {
  readonly queue: QueueName;
  readonly body: string;
  visibleAt: number;
  receives: number;
}

const visibility = 270_000;
const mostReceives = 12;

/** Standard queues as SQS has them: at least once, each message invisible while it is handled, a DLQ for each. */
export class Queues {
  private readonly messages: Queued[] = [];

  send(queue: QueueName, body: Message | string, visibleAt: number): void {
    const text = typeof body === 'string' ? body : encodeMessage(body);
    this.messages.push({ queue, body: text, visibleAt, receives: 0 });
  }

  /** When the next message of a queue that has a consumer can be received; Infinity for never. */
  nextAt(): number {
    return this.consumed().reduce((first, { visibleAt }) => Math.min(first, visibleAt), Infinity);
  }

  receive(now: number): Queued | undefined {
    const [message] = this.consumed()
      .filter(({ visibleAt }) => visibleAt <= now)
      .toSorted((a, b) => a.visibleAt - b.visibleAt);
    if (!message) return undefined;
    if (message.receives >= mostReceives && message.queue !== 'quarantine') {
      this.delete(message);
      this.send(message.queue === 'redrive' ? 'dead-letter' : 'quarantine', message.body, now);
      return this.receive(now);
    }
    message.receives += 1;
    message.visibleAt = now + visibility;
    return message;
  }

  /** The same messages once more, as a standard queue may deliver them. */
  repeatAll(): void {
    for (const { queue, body, visibleAt } of this.consumed()) this.send(queue, body, visibleAt);
  }

  /** Loses all that is in one queue. */
  lose(queue: QueueName): void {
    for (const message of this.of(queue)) this.delete(message);
  }

  /** What an operator does in the console with "Start DLQ redrive". */
  move(from: QueueName, to: QueueName, now: number): void {
    for (const message of this.of(from)) {
      this.delete(message);
      this.send(to, message.body, now);
    }
  }

  delete(message: Queued): void {
    const index = this.messages.indexOf(message);
    if (index >= 0) this.messages.splice(index, 1);
  }

  of(queue: QueueName): Queued[] {
    return this.messages.filter((message) => message.queue === queue);
  }

  /** The bodies of one queue. */
  bodies(queue: QueueName) {
    return this.of(queue).map(({ body }) => decodeMessage(body));
  }

  isEmpty(): boolean {
    return this.consumed().length === 0;
  }

  private consumed(): Queued[] {
    return this.messages.filter(({ queue }) => queue !== 'dead-letter');
  }
}
