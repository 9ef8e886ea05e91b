import type { Delivery } from '#core/delivery/delivery.ts';
import { deliveryShards } from '#core/delivery/shards.ts';
import { shardOf, watchdogEntryOf } from '#core/delivery/watchdog.ts';
import type { EndpointStatus } from '#core/endpoint/endpoint.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { deliveryId, timeOf } from '#core/id/ids.ts';
import { encodeMessage } from '#core/message/codec.ts';
import type { Message } from '#core/message/message.ts';
import { newTask, type Task, type TaskWork } from '#core/task/task.ts';
import { handleTaskMessage, type TaskPorts } from '#lambdas/tasks/handle-message.ts';
import { deliveryOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';
import { receivedOf } from '#test/support/received.ts';

class Crash extends Error {}

export interface Options {
  readonly deliveries?: readonly Delivery[];
  readonly event?: StoredEvent;
  readonly work?: TaskWork;
  readonly dryRun?: boolean;
  readonly segment?: TaskPorts['segment'];
  readonly status?: (endpointId: string) => EndpointStatus | undefined;
  /** Whether to crash at this step; every effect has a step before and a step after it. */
  readonly crashAt?: (step: number) => boolean;
}

export const hour = 60 * 60_000;
export const day = 24 * hour;

/** The items, the redrive queue and the tasks function, which may crash at any step. */
export function world(options: Options) {
  const { deliveries = [], event, work, status = () => 'active', crashAt = () => false } = options;
  const items = new Map(deliveries.map((one) => [deliveryId(one.endpointId, one.eventId), one]));
  const woken: { readonly delivery: Delivery; readonly generation: number }[] = [];
  const queue: { body: string; delay: number; receives: number }[] = [];
  const aside: string[] = [];
  const unreadable: string[] = [];
  const state = { task: undefined as Task | undefined, steps: 0, now: noon, erased: 0 };
  const step = () => {
    state.steps += 1;
    if (crashAt(state.steps)) throw new Crash(`at ${state.steps}`);
  };
  const effect = <Result>(happen: () => Result): Result => {
    step();
    const result = happen();
    step();
    return result;
  };
  const push = (message: Message, delay: number) =>
    void queue.push({ body: encodeMessage(message), delay, receives: 0 });
  if (work) {
    state.task = newTask(idsAt(noon).task(), 'default', work, noon, {
      ...(options.dryRun === undefined ? {} : { dryRun: options.dryRun }),
    });
    push({ v: 1, kind: 'task', taskId: state.task.id, step: 0 }, 0);
  }
  const ports: TaskPorts = {
    now: () => state.now,
    hasTime: () => true,
    retention: 30 * day,
    endpoint: async (id) => {
      const found = status(id);
      return found && { endpoint: {} as never, state: { status: found, since: noon } };
    },
    event: async () => event,
    keepEvent: async () => true,
    segment: options.segment ?? (async () => undefined),
    deliveries: {
      get: async (endpointId, eventId) => items.get(deliveryId(endpointId, eventId)),
      store: async (next) =>
        effect(() => {
          const id = deliveryId(next.endpointId, next.eventId);
          const standing = items.get(id);
          if ((standing?.revision ?? 0) !== next.revision - 1) return { standing };
          items.set(id, next);
          return 'stored' as const;
        }),
    },
    getMany: async (eventId, ids) => ids.flatMap((id) => items.get(deliveryId(id, eventId)) ?? []),
    deadBy: async (_, shard, until, { after, limit }) => {
      const all = [...items.values()]
        .map((one) => ({ ...one, at: watchdogEntryOf(one) }))
        .filter(({ at }) => at?.key === `DEAD#default#${shard}` && at.at <= until)
        .map((one) => ({ ...one, position: `${one.at?.at} ${one.eventId}` }))
        .toSorted((a, b) => (a.position < b.position ? -1 : 1))
        .filter(({ position }) => after === undefined || position > after);
      const page = all.slice(0, limit);
      const last = page.at(-1);
      return { items: page, ...(all.length > limit && last ? { next: last.position } : {}) };
    },
    erase: async (_, id) =>
      effect(() => (event && id === event.id ? { ...event, isDone: false } : undefined)),
    erased: async () => effect(() => void state.erased++),
    unsuccessful: async (endpointId, shard, { since, until, limit, after }) => {
      const all = [...items.values()]
        .filter((one) => one.endpointId === endpointId && shardOf(one.eventId, deliveryShards) === shard)
        .filter(({ eventId }) => timeOf(eventId) >= since && timeOf(eventId) < until)
        .filter(({ state }) => state.status === 'dead' || state.status === 'cancelled')
        .toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1))
        .filter(({ eventId }) => after === undefined || eventId > after);
      const page = all.slice(0, limit);
      const last = page.at(-1);
      return { items: page, ...(all.length > limit && last ? { next: last.eventId } : {}) };
    },
    wake: async (delivery, { generation }) => effect(() => void woken.push({ delivery, generation })),
    tasks: {
      get: async () => state.task,
      store: async (next) =>
        effect(() => {
          if (state.task?.revision !== next.revision - 1) return false;
          state.task = next;
          return true;
        }),
    },
    queueStep: async (task, delay) =>
      effect(() => push({ v: 1, kind: 'task', taskId: task.id, step: task.step }, delay)),
    sendAgain: async ({ body }, delay) => effect(() => void queue.push({ body, delay, receives: 0 })),
    setAside: async (body) => effect(() => void aside.push(body)),
    onUnreadable: (reason) => void unreadable.push(reason),
  };

  /** Handles messages until none is left. A message whose handling crashes is received again. */
  async function run(most = 200, through = ports): Promise<void> {
    for (let handled = 0; handled < most && queue.length > 0; handled += 1) {
      const [message] = queue;
      if (!message) return;
      message.receives += 1;
      try {
        await handleTaskMessage(receivedOf(message.body, message.receives), through);
        step();
        queue.splice(queue.indexOf(message), 1);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        queue.push(...queue.splice(queue.indexOf(message), 1));
      }
    }
  }
  return { state, items, woken, queue, aside, unreadable, ports, push, run };
}

export const deadAt = (settledAt: number, change: Partial<Delivery> = {}) =>
  movedTo(deliveryOf({ ...change, createdAt: noon - day }), {
    status: 'dead',
    settledAt,
    reason: 'exhausted',
  });
export const manyDead = (count: number, change: Partial<Delivery> = {}) =>
  Array.from({ length: count }, (_, index) => deadAt(noon - index, change));
export const generations = (items: Iterable<Delivery>) => [...items].map(({ generation }) => generation);
