import { type DecodedMessage, decodeMessage, encodeMessage } from '#core/message/codec.ts';
import type { Message } from '#core/message/message.ts';
import type { VirtualClock } from './clock.ts';

export const queueNames = [
  ...(['high', 'normal', 'low', 'retry', 'slow'] as const),
  ...(['fan-out', 'redrive', 'quarantine', 'dead-letter'] as const),
] as const;
export type QueueName = (typeof queueNames)[number];

export interface Queued {
  readonly queue: QueueName;
  readonly body: string;
  /** The fairness group. */
  readonly group: string;
  visibleAt: number;
  receives: number;
  /** The poller invoked the function with it twice. */
  isHandledTwice?: boolean;
}

/** Which of the visible messages of a queue is received next; the first is the one that is visible for longest. */
export type Pick = (visible: readonly Queued[], inFlight: (group: string) => number) => Queued | undefined;

export const longestVisible: Pick = ([first]) => first;
export const newest: Pick = (visible) => visible.at(-1);
/** As SQS does it: the group with the fewest messages in flight comes first. */
export const fair: Pick = (visible, inFlight) =>
  visible.reduce<Queued | undefined>(
    (least, one) => (least && inFlight(least.group) <= inFlight(one.group) ? least : one),
    undefined,
  );

const longestDelay = 900_000;
const visibility = 270_000;
const mostReceives = 12;

/** Standard queues as SQS has them: at least once, each message invisible while it is handled, each with its DLQ. */
export class Queues {
  /** All bodies that were ever sent. */
  readonly sent: { readonly queue: QueueName; readonly body: string }[] = [];
  /** Milliseconds by which a message becomes visible too late. */
  lateness: () => number = () => 0;
  private readonly clock: VirtualClock;
  /** Visible messages, longest visible first. */
  private readonly visible = new Map<QueueName, Queued[]>();
  private readonly hidden = new Map<Queued, () => void>();
  private readonly flying = new Map<QueueName, Map<string, number>>();

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  /** @param delay in milliseconds */
  send(queue: QueueName, body: Message | string, delay = 0, group = ''): void {
    const text = typeof body === 'string' ? body : encodeMessage(body);
    this.sent.push({ queue, body: text });
    this.hide(
      { queue, body: text, group, visibleAt: 0, receives: 0 },
      wholeSeconds(Math.min(longestDelay, delay)),
    );
  }

  /** When the first of the visible messages became visible; Infinity when none is. */
  visibleSince(queue: QueueName): number {
    return this.visible.get(queue)?.[0]?.visibleAt ?? Number.POSITIVE_INFINITY;
  }

  /** Takes a visible message, which is invisible from then on until it is deleted or its time is over. */
  receive(queue: QueueName, pick: Pick): Queued | undefined {
    const visible = this.visible.get(queue) ?? [];
    const message = pick(visible, (group) => this.flying.get(queue)?.get(group) ?? 0);
    if (!message) return undefined;
    visible.splice(visible.indexOf(message), 1);
    if (message.receives >= mostReceives && queue !== 'quarantine') {
      this.send(queue === 'redrive' ? 'dead-letter' : 'quarantine', message.body, 0, message.group);
      return this.receive(queue, pick);
    }
    message.receives += 1;
    this.fly(message, 1);
    this.hide(message, visibility);
    return message;
  }

  /** Nothing handles the message any more. */
  land(message: Queued): void {
    this.fly(message, -1);
  }

  /** Makes a received message visible after `delay` milliseconds, unless it is deleted. */
  postpone(message: Queued, delay: number): void {
    if (this.forget(message)) this.hide(message, Math.max(1_000, wholeSeconds(delay)));
  }

  delete(message: Queued): void {
    this.forget(message);
  }

  /** Delivers a received message once more after `delay` milliseconds, also if it is deleted by then. */
  repeat(message: Queued, delay: number): void {
    this.hide({ ...message }, delay);
  }

  /** The same messages once more, as a standard queue may deliver them. */
  repeatAll(): void {
    for (const { queue, body, visibleAt, group } of this.consumed())
      this.send(queue, body, Math.max(0, visibleAt - this.clock.now), group);
  }

  /** Loses all that is in one queue. */
  lose(queue: QueueName): void {
    for (const message of this.of(queue)) this.forget(message);
  }

  /** What an operator does in the console with "Start DLQ redrive", which takes its time. */
  move(from: QueueName, to: QueueName, delay = 0): void {
    for (const message of this.of(from)) {
      this.forget(message);
      this.send(to, message.body, delay, message.group);
    }
  }

  of(queue: QueueName): Queued[] {
    const hidden = [...this.hidden.keys()].filter((message) => message.queue === queue);
    return [...(this.visible.get(queue) ?? []), ...hidden];
  }

  /** How many messages wait to be received. */
  waiting(queue: QueueName): number {
    return this.visible.get(queue)?.length ?? 0;
  }

  /** The messages of one queue. */
  bodies(queue: QueueName): DecodedMessage[] {
    return this.of(queue).map(({ body }) => decodeMessage(body));
  }

  isEmpty(): boolean {
    return (
      this.hidden.size === 0 && queueNames.every((queue) => queue === 'dead-letter' || !this.waiting(queue))
    );
  }

  private consumed(): Queued[] {
    return queueNames.filter((queue) => queue !== 'dead-letter').flatMap((queue) => this.of(queue));
  }

  private hide(message: Queued, delay: number): void {
    message.visibleAt = this.clock.now + delay + this.lateness();
    const show = () => {
      this.hidden.delete(message);
      const visible = this.visible.get(message.queue) ?? [];
      this.visible.set(message.queue, visible);
      visible.push(message);
    };
    if (message.visibleAt <= this.clock.now) show();
    else this.hidden.set(message, this.clock.after(message.visibleAt - this.clock.now, show));
  }

  /** False for a message that is not there any more. */
  private forget(message: Queued): boolean {
    const callOff = this.hidden.get(message);
    callOff?.();
    const visible = this.visible.get(message.queue) ?? [];
    const index = visible.indexOf(message);
    if (index >= 0) visible.splice(index, 1);
    return this.hidden.delete(message) || index >= 0;
  }

  private fly({ queue, group }: Queued, by: 1 | -1): void {
    const flying = this.flying.get(queue) ?? new Map<string, number>();
    this.flying.set(queue, flying.set(group, (flying.get(group) ?? 0) + by));
  }
}

// SQS knows whole seconds, and ours are rounded up.
const wholeSeconds = (delay: number): number => Math.ceil(Math.max(0, delay) / 1_000) * 1_000;
