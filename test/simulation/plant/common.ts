import { createHash } from 'node:crypto';
import type { RequestResult } from '#core/attempt/outcome.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { Outgoing } from '#core/delivery/dispatch.ts';
import { createIds, type Ids } from '#core/id/ids.ts';
import { type LifecycleEvent, lifecycleId } from '#core/lifecycle/lifecycle-event.ts';
import type { DeliveryMessage, Message } from '#core/message/message.ts';
import { isOver, type Task } from '#core/task/task.ts';
import { Death, type Life } from './faults.ts';
import type { QueueName, Queues } from './queues.ts';
import { keyOf, type Tables } from './tables.ts';

/** What all functions stand on. */
export interface Ground {
  now: number;
  readonly tables: Tables;
  readonly queues: Queues;
  readonly requests: { readonly deliveryId: string; readonly at: number }[];
  readonly announced: string[];
  readonly ids: Ids;
  readonly newClaimId: () => string;
  effect<Result>(life: Life, name: string, happen: () => Result): Promise<Result>;
  answer(deliveryId: string): RequestResult;
}

/** What functions share of the tables, the queues and the bus, for one invocation. */
export function commonPorts(plant: Ground, life: Life) {
  const { tables, queues } = plant;
  const effect = <Result>(name: string, happen: () => Result) => plant.effect(life, name, happen);
  const now = () => plant.now;
  const send = (queue: QueueName, body: Message | string, delay = 0) =>
    effect(`${queue} queue`, () => queues.send(queue, body, plant.now + delay));

  /** Never rejects, as the adapter: what is not known to have been sent is given back. */
  const sendAll = async <Sent extends Outgoing<Message>>(queue: QueueName, messages: readonly Sent[]) => {
    try {
      await effect(`${queue} queue`, () => {
        for (const { body, delay } of messages) queues.send(queue, body, plant.now + delay);
      });
      return [];
    } catch (error) {
      if (error instanceof Death) throw error;
      return messages;
    }
  };

  const deliveries = {
    get: async (endpointId: string, eventId: string) =>
      tables.deliveries.items.get(keyOf({ endpointId, eventId })),
    store: (next: Delivery) => effect('delivery', () => tables.deliveries.store(keyOf(next), next)),
    getMany: async (eventId: string, ids: readonly string[]) =>
      ids.flatMap((endpointId) => tables.deliveries.items.get(keyOf({ endpointId, eventId })) ?? []),
  };
  const wake = async (delivery: Delivery, body: DeliveryMessage, delay: number) =>
    send(delivery.attempts.length > 0 ? 'retry' : delivery.priority, body, Math.min(delay, 900_000));
  const event = async (_: string, id: string) => tables.events.get(id);
  const segment = async (eventId: string, n: number) => tables.segments.get(`${eventId} ${n}`);
  const watch = async ({ endpointId }: { readonly endpointId: string }) =>
    effect('attention', () => tables.watch(endpointId, plant.now));
  const announce = async (told: LifecycleEvent) => {
    await effect('bus', () => plant.announced.push(lifecycleId(told)));
    await effect('attention', () => {
      const entry = tables.attention.get(told.endpointId);
      if (entry) tables.attention.set(told.endpointId, { ...entry, announced: lifecycleId(told) });
    });
  };
  const drain = async ({ endpointId }: { readonly endpointId: string }, step = 0, delay = 0) =>
    send('fan-out', { v: 1, kind: 'drain', applicationId: 'default', endpointId, step }, delay);
  const endpoint = async (endpointId: string) => tables.record(endpointId);
  const dispatching = {
    now,
    hold: deliveries.store,
    queue: (priority: QueueName, messages: readonly Outgoing<DeliveryMessage>[]) =>
      sendAll(priority, messages),
  };
  const page = (
    all: readonly Delivery[],
    { after, limit = 100 }: { after?: string | undefined; limit?: number },
  ) => {
    const from = all.findIndex(({ eventId }) => eventId === after) + 1;
    const items = all.slice(from, from + limit);
    const last = items.at(-1);
    return { items, ...(last && all.length > from + limit ? { next: last.eventId } : {}) };
  };
  const erase = async (_: string, eventId: string) =>
    effect('event', () => {
      const standing = tables.events.get(eventId);
      if (standing) tables.erased.set(eventId, { event: standing, isDone: false });
      tables.events.delete(eventId);
      const left = tables.erased.get(eventId);
      return left && { ...left.event, isDone: left.isDone };
    });
  const erased = async (_: string, { id }: { readonly id: string }) =>
    effect('event', () => {
      const left = tables.erased.get(id);
      if (left) left.isDone = true;
    });
  const tasks = {
    get: async (id: string) => tables.tasks.items.get(id),
    start: (task: Task, most: number) =>
      effect('task', () => {
        const unfinished = [...tables.tasks.items.values()].filter((one) => !isOver(one));
        if (unfinished.length >= most) return { unfinished };
        tables.tasks.store(task.id, task);
        return 'stored' as const;
      }),
    store: async (next: Task) => (await effect('task', () => tables.tasks.store(next.id, next))) === 'stored',
    queueStep: async (task: Task, delay: number) =>
      send('redrive', { v: 1, kind: 'task', taskId: task.id, step: task.step }, delay),
  };
  const deadLetter = async (letter: Extract<Message, { kind: 'dead-letter' }>) => {
    await send('dead-letter', letter);
    const { v, kind, ...rest } = letter;
    await effect('bus', () => plant.announced.push(lifecycleId({ type: 'delivery.dead', ...rest })));
  };

  return {
    ...{ now, effect, send, sendAll, deliveries, wake, event, segment, watch, announce, drain, endpoint },
    ...{ dispatching, page, erase, erased, tasks, deadLetter },
  };
}

/** Ids that are the same in every run. */
export function idsOf(now: () => number) {
  let made = 0;
  return createIds({
    now,
    randomBytes: (count) => {
      made += 1;
      return createHash('sha256').update(String(made)).digest().subarray(0, count);
    },
  });
}
