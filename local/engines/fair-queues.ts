// Adds fair queues to the engine: messages of a standard queue keep their group, and a receive is fair to groups.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html

export interface EngineMessage {
  readonly body: string;
  messageGroupId?: string;
}

/**
 * Chooses the messages of a receive one by one. The next one is of the group with the fewest messages in flight, which
 * includes those already chosen; of several such groups it is the message that waits longest. A message without a group
 * counts as one whose group has none in flight.
 *
 * SQS promises that quiet groups come first in a backlog. It does not say which of them comes next.
 *
 * @param waiting the longest first
 * @returns indexes into `waiting`, at most `count`
 */
export function fairChoice(
  waiting: readonly Pick<EngineMessage, 'messageGroupId'>[],
  inFlight: ReadonlyMap<string, number>,
  count: number,
): readonly number[] {
  const chosen: number[] = [];
  const lines = new Map<string, { busy: number; readonly indexes: number[] }>();
  for (const [index, { messageGroupId: group }] of waiting.entries()) {
    if (chosen.length === count) return chosen;
    const line = group === undefined ? undefined : lines.get(group);
    const busy = group === undefined ? 0 : (inFlight.get(group) ?? 0);
    // No group has fewer than none in flight, so these are chosen without a look at the rest of a long queue.
    const isQuiet = line === undefined && busy === 0;
    if (isQuiet) chosen.push(index);
    if (group === undefined) continue;
    if (line === undefined) lines.set(group, isQuiet ? { busy: 1, indexes: [] } : { busy, indexes: [index] });
    else if (line.indexes.length < count) line.indexes.push(index);
  }
  while (chosen.length < count) {
    let next: { busy: number; readonly indexes: number[] } | undefined;
    for (const line of lines.values()) {
      const [index] = line.indexes;
      if (index === undefined) continue;
      const waitsLonger = next?.indexes[0] === undefined || index < next.indexes[0];
      if (next === undefined || line.busy < next.busy || (line.busy === next.busy && waitsLonger))
        next = line;
    }
    const index = next?.indexes.shift();
    if (next === undefined || index === undefined) break;
    next.busy += 1;
    chosen.push(index);
  }
  return chosen;
}

/** The part of the engine's queues and router that is changed here. */
export interface EngineQueueClass {
  readonly prototype: {
    enqueue(this: Queue, message: EngineMessage): void;
    dequeue(this: Queue, count: number, ...rest: unknown[]): unknown;
  };
}

interface Queue {
  messages: EngineMessage[];
  readonly inflightMessages: ReadonlyMap<string, { readonly message: EngineMessage }>;
  isFifo(): boolean;
  processTimers(): void;
}

type Handler = (input: unknown, ...rest: unknown[]) => unknown;

export interface EngineRouterClass {
  readonly prototype: { register(action: string, handler: Handler): void };
}

/** Changes the engine's classes. Call it before the engine starts. */
export function makeFair(queues: EngineQueueClass, router: EngineRouterClass): void {
  const { enqueue, dequeue } = queues.prototype;
  const { register } = router.prototype;
  let sent: SentGroups = new Map();

  router.prototype.register = function (action, handler) {
    const sends = action === 'SendMessage' || action === 'SendMessageBatch';
    const withGroups: Handler = (input, ...rest) => {
      // The engine's handlers are synchronous, so no other send runs in between.
      sent = groupsOf(input);
      const answer = handler(input, ...rest);
      sent = new Map();
      return answer;
    };
    register.call(this, action, sends ? withGroups : handler);
  };

  queues.prototype.enqueue = function (message) {
    const group = sent.get(message.body)?.shift();
    if (group !== undefined) message.messageGroupId ??= group;
    enqueue.call(this, message);
  };

  queues.prototype.dequeue = function (count, ...rest) {
    if (!this.isFifo()) {
      // Includes the messages whose visibility timeout has just ended.
      this.processTimers();
      if (this.messages.length > count) moveToFront(this, count);
    }
    return dequeue.call(this, count, ...rest);
  };
}

function moveToFront(queue: Queue, count: number): void {
  const inFlight = new Map<string, number>();
  for (const { message } of queue.inflightMessages.values()) {
    const group = message.messageGroupId;
    if (group !== undefined) inFlight.set(group, (inFlight.get(group) ?? 0) + 1);
  }
  const chosen = fairChoice(queue.messages, inFlight, count);
  if (chosen.every((index, position) => index === position)) return;
  const isChosen = new Set(chosen);
  queue.messages = [
    ...chosen.flatMap((index) => queue.messages[index] ?? []),
    ...queue.messages.filter((_, index) => !isChosen.has(index)),
  ];
}

/** Groups by the text of a message, in the order in which the messages are sent. */
type SentGroups = Map<string, (string | undefined)[]>;

interface Entry {
  readonly MessageBody?: string;
  readonly MessageGroupId?: string;
}

function groupsOf(input: unknown): SentGroups {
  const groups: SentGroups = new Map();
  const { Entries, ...single } = input as Entry & { readonly Entries?: readonly Entry[] };
  for (const { MessageBody, MessageGroupId } of Entries ?? [single]) {
    if (MessageBody === undefined) continue;
    const same = groups.get(MessageBody);
    if (same === undefined) groups.set(MessageBody, [MessageGroupId]);
    else same.push(MessageGroupId);
  }
  return groups;
}
