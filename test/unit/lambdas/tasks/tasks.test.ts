import { describe, expect, it } from 'vitest';
import { attentionOf, attentionShards, shardOf } from '#core/delivery/attention.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import { deliveryShards } from '#core/delivery/shards.ts';
import type { EndpointStatus } from '#core/endpoint/endpoint.ts';
import type { MatchedEndpoint, StoredEvent } from '#core/event/event.ts';
import { deliveryId, timeOf } from '#core/id/ids.ts';
import { encodeMessage } from '#core/message/codec.ts';
import type { Message } from '#core/message/message.ts';
import { cancelled, isOver, newTask, type Task, type TaskWork } from '#core/task/task.ts';
import { handleTaskMessage } from '#lambdas/tasks/handle-message.ts';
import type { RedrivePorts } from '#lambdas/tasks/ports.ts';
import { deliveryOf, eventOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';
import { receivedOf } from '#test/support/received.ts';

class Crash extends Error {}

interface Options {
  readonly deliveries?: readonly Delivery[];
  readonly event?: StoredEvent;
  readonly work?: TaskWork;
  readonly dryRun?: boolean;
  readonly segment?: RedrivePorts['segment'];
  readonly status?: (endpointId: string) => EndpointStatus | undefined;
  /** Asked before and after every effect, with its running number: true crashes there. */
  readonly crashAt?: (step: number) => boolean;
}

const hour = 60 * 60_000;
const day = 24 * hour;

/** The items, the redrive queue and its function, which may die anywhere. */
function world(options: Options) {
  const { deliveries = [], event, work, status = () => 'active', crashAt = () => false } = options;
  const items = new Map(deliveries.map((one) => [deliveryId(one.endpointId, one.eventId), one]));
  const woken: { readonly delivery: Delivery; readonly generation: number }[] = [];
  const queue: { body: string; delay: number; receives: number }[] = [];
  const aside: string[] = [];
  const unreadable: string[] = [];
  const world = { task: undefined as Task | undefined, steps: 0, now: noon, erased: 0 };
  const step = () => {
    world.steps += 1;
    if (crashAt(world.steps)) throw new Crash(`at ${world.steps}`);
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
    world.task = newTask(idsAt(noon).task(), 'default', work, noon, {
      ...(options.dryRun === undefined ? {} : { dryRun: options.dryRun }),
    });
    push({ v: 1, kind: 'task', taskId: world.task.id, step: 0 }, 0);
  }
  const ports: RedrivePorts = {
    now: () => world.now,
    hasTime: () => true,
    retention: 30 * day,
    endpoint: async (id) => {
      const found = status(id);
      return found && { endpoint: {} as never, state: { status: found, since: noon } };
    },
    event: async () => event,
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
        .map((one) => ({ ...one, at: attentionOf(one) }))
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
    erased: async () => effect(() => void world.erased++),
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
      get: async () => world.task,
      store: async (next) =>
        effect(() => {
          if (world.task?.revision !== next.revision - 1) return false;
          world.task = next;
          return true;
        }),
    },
    queueStep: async (task, delay) =>
      effect(() => push({ v: 1, kind: 'task', taskId: task.id, step: task.step }, delay)),
    sendAgain: async ({ body }, delay) => effect(() => void queue.push({ body, delay, receives: 0 })),
    setAside: async (body) => effect(() => void aside.push(body)),
    unreadable: (reason) => void unreadable.push(reason),
  };

  /** Handles messages until none is left, as SQS would: what crashes comes again. */
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
  return { world, items, woken, queue, aside, unreadable, ports, push, run };
}

const deadAt = (settledAt: number, change: Partial<Delivery> = {}) =>
  movedTo(deliveryOf({ ...change, createdAt: noon - day }), {
    status: 'dead',
    settledAt,
    reason: 'exhausted',
  });
const manyDead = (count: number, change: Partial<Delivery> = {}) =>
  Array.from({ length: count }, (_, index) => deadAt(noon - index, change));
const generations = (items: Iterable<Delivery>) => [...items].map(({ generation }) => generation);

describe('a redrive task', () => {
  it('starts every dead delivery once, a hundred a second', async () => {
    const {
      items,
      woken,
      run,
      world: state,
    } = world({
      deliveries: manyDead(450),
      work: { kind: 'redrive' },
    });
    await run();
    expect(new Set(generations(items.values()))).toEqual(new Set([2]));
    expect(woken).toHaveLength(450);
    expect(state.task).toMatchObject({ status: 'completed', started: 450, skipped: 0 });
    // No step takes much more than its hundred: one more page of one more shard at most.
    expect(state.task?.step).toBeGreaterThanOrEqual(3);
  });

  it('paces its steps with a second between them', async () => {
    const { queue, ports } = world({ deliveries: manyDead(450), work: { kind: 'redrive' } });
    await handleTaskMessage(receivedOf(queue[0]?.body ?? ''), ports);
    expect(queue.at(-1)).toMatchObject({ delay: 1_000 });
  });

  it('takes what was dead when it was asked for, so that it ends', async () => {
    const {
      items,
      run,
      world: state,
    } = world({
      deliveries: [deadAt(noon), deadAt(noon + 1)],
      work: { kind: 'redrive' },
    });
    await run();
    expect(generations(items.values())).toEqual([2, 1]);
    expect(state.task).toMatchObject({ status: 'completed', started: 1 });
  });

  it('keeps to its endpoint and to its named deliveries', async () => {
    const [mine, other] = [deadAt(noon), deadAt(noon)];
    const alive = movedTo(deliveryOf(), { status: 'succeeded', settledAt: noon });
    const foreign = deadAt(noon, { applicationId: 'other' });
    const named = [mine, alive, foreign].map(({ endpointId, eventId }) => deliveryId(endpointId, eventId));
    const works: TaskWork[] = [
      { kind: 'redrive', endpointId: mine.endpointId },
      { kind: 'redrive', deliveryIds: named },
    ];
    for (const work of works) {
      const { items, run } = world({ deliveries: [mine, other, alive, foreign], work });
      await run();
      expect(generations(items.values())).toEqual([2, 1, 1, 1]);
    }
  });

  it.each(['disabled', undefined] as const)(
    'leaves dead what belongs to an endpoint that is %s',
    async (status) => {
      const {
        items,
        run,
        world: state,
      } = world({
        ...{ deliveries: manyDead(3), work: { kind: 'redrive' }, status: () => status },
      });
      await run();
      expect(generations(items.values())).toEqual([1, 1, 1]);
      expect(state.task).toMatchObject({ status: 'completed', started: 0, skipped: 3 });
    },
  );

  it('is through with everything, each once, whatever step it crashes at', async () => {
    const length = (crashAt?: Options['crashAt']) =>
      world({ deliveries: manyDead(120), work: { kind: 'redrive' }, ...(crashAt ? { crashAt } : {}) });
    const calm = length();
    await calm.run();
    for (let crash = 1; crash <= calm.world.steps; crash += 1) {
      const { items, run, world: state } = length((step) => step === crash);
      await run();
      expect(new Set(generations(items.values())), `crash at ${crash}`).toEqual(new Set([2]));
      expect(state.task, `crash at ${crash}`).toMatchObject({ status: 'completed' });
    }
  });

  it('has one message at a time, also when one is repeated', async () => {
    const {
      queue,
      ports,
      run,
      world: state,
      woken,
    } = world({
      ...{ deliveries: manyDead(450), work: { kind: 'redrive' } },
    });
    const [first] = queue;
    if (!first) throw new Error('no message');
    queue.push({ ...first });
    const sent: string[] = [];
    const queueStep: RedrivePorts['queueStep'] = async (task, delay) => {
      sent.push(`${task.step}`);
      await ports.queueStep(task, delay);
    };
    const counting = { ...ports, queueStep };
    await Promise.all([
      handleTaskMessage(receivedOf(first.body), counting),
      handleTaskMessage(receivedOf(first.body), counting),
    ]);
    queue.splice(0, 1);
    await run(200, counting);
    expect(state.task).toMatchObject({ status: 'completed' });
    expect(woken).toHaveLength(450);
    expect(sent).toEqual([...new Set(sent)]);
  });

  it('stops when it is cancelled, and counts the step that was under way', async () => {
    const { queue, ports, world: state } = world({ deliveries: manyDead(450), work: { kind: 'redrive' } });
    const wake: RedrivePorts['wake'] = async (...parameters) => {
      if (state.task && !isOver(state.task)) state.task = cancelled(state.task, noon);
      await ports.wake(...parameters);
    };
    await handleTaskMessage(receivedOf(queue[0]?.body ?? ''), { ...ports, wake });
    expect(state.task).toMatchObject({ status: 'cancelled', started: expect.any(Number) });
    expect(state.task?.started).toBeGreaterThanOrEqual(100);
    expect(queue).toHaveLength(1);
    await handleTaskMessage(receivedOf(queue[0]?.body ?? '', 2), ports);
    expect(queue).toHaveLength(1);
  });

  it('walks every shard', async () => {
    const deliveries = manyDead(200);
    const shards = new Set(deliveries.map((delivery) => attentionOf(delivery)?.key));
    expect(shards.size).toBe(attentionShards);
  });
});

describe('a replay task', () => {
  const ids = idsAt(noon);
  const names = ['had', 'dead', 'unsent', 'held', 'forgotten'] as const;
  const endpoints = Object.fromEntries(names.map((name) => [name, ids.endpoint()]));
  const matched: MatchedEndpoint[] = names.map((name) => ({
    endpointId: endpoints[name] ?? '',
    priority: 'normal',
  }));
  const eventAt = (deliverAt: number) =>
    eventOf({ timestamp: deliverAt, deliverAt, endpointCount: matched.length, endpoints: matched });
  const stored = (event: StoredEvent) => {
    const of = (name: string) => deliveryOf({ endpointId: endpoints[name] ?? '', eventId: event.id });
    return [
      movedTo(of('had'), { status: 'succeeded', settledAt: noon }),
      movedTo(of('dead'), { status: 'dead', settledAt: noon, reason: 'refused' }),
      movedTo(of('held'), { status: 'held', heldFor: 'backoff', since: noon, dueAt: noon + hour }),
    ];
  };
  const wokenNames = (woken: readonly { readonly delivery: Delivery; readonly generation: number }[]) =>
    Object.fromEntries(
      woken.map(({ delivery, generation }) => [
        names.find((name) => endpoints[name] === delivery.endpointId),
        generation,
      ]),
    );

  it('goes to those that have not had the event, but not where its first attempt is still queued', async () => {
    const event = eventAt(noon - 1_000);
    const {
      woken,
      run,
      world: state,
    } = world({
      ...{ event, deliveries: stored(event), work: { kind: 'replay', eventId: event.id } },
    });
    await run();
    expect(wokenNames(woken)).toEqual({ dead: 2, held: 2 });
    expect(state.task).toMatchObject({ status: 'completed', started: 2, skipped: 3 });
  });

  it('wakes a first attempt that should have been made an hour ago', async () => {
    const event = eventAt(noon - hour);
    const { woken, run } = world({
      ...{ event, deliveries: stored(event), work: { kind: 'replay', eventId: event.id } },
    });
    await run();
    expect(wokenNames(woken)).toEqual({ dead: 2, held: 2, unsent: 1, forgotten: 1 });
  });

  it('goes to endpoints by name, even if they had it or how it ended is forgotten', async () => {
    const event = eventAt(noon - 31 * day);
    const endpointIds = [endpoints.had ?? '', endpoints.forgotten ?? ''];
    const { woken, run } = world({
      ...{ event, deliveries: stored(event), work: { kind: 'replay', eventId: event.id, endpointIds } },
    });
    await run();
    expect(wokenNames(woken)).toEqual({ had: 2, forgotten: 2 });
  });

  it('to some of a hundred thousand endpoints is one step, which reads few of its segments', async () => {
    const wide = Array.from({ length: 100_000 }, ids.endpoint).toSorted();
    const event = eventOf({ timestamp: noon - hour, deliverAt: noon - hour, endpointCount: wide.length });
    const reads: number[] = [];
    const segment = async (_: string, number: number): Promise<MatchedEndpoint[]> => {
      reads.push(number);
      const some = wide.slice(number * 1_000, (number + 1) * 1_000);
      return some.map((endpointId) => ({ endpointId, priority: 'normal' }));
    };
    const endpointIds = [wide[70_001] ?? '', wide[99_999] ?? ''];
    const work: TaskWork = { kind: 'replay', eventId: event.id, endpointIds };
    const { woken, run, world: state } = world({ event, segment, work });
    await run();
    expect(woken.map(({ delivery }) => delivery.endpointId)).toEqual(endpointIds);
    expect(state.task).toMatchObject({ status: 'completed', step: 1, started: 2 });
    expect(reads.length).toBeLessThanOrEqual(2 * 7);
  });

  it('of an event that is gone ends', async () => {
    const { run, world: state } = world({ work: { kind: 'replay', eventId: eventAt(noon).id } });
    await run();
    expect(state.task).toMatchObject({ status: 'completed', started: 0, skipped: 0 });
  });
});

describe('a recovery', () => {
  const ids = idsAt(noon);
  const endpointId = ids.endpoint();
  const work: TaskWork = { kind: 'recover', endpointId, since: noon - hour, until: noon };
  const at = (time: number, state: Delivery['state'], change: Partial<Delivery> = {}) =>
    movedTo(deliveryOf({ endpointId, createdAt: time, ...change }), state);
  const dead = { status: 'dead', settledAt: noon, reason: 'exhausted' } as const;
  const cancelledFor = (reason: 'endpoint_disabled' | 'event_deleted') =>
    ({ status: 'cancelled', settledAt: noon, reason }) as const;

  it('starts what died or was cancelled of the events of its time, and nothing else', async () => {
    const deliveries = [
      at(noon - 1, dead),
      at(noon - hour, cancelledFor('endpoint_disabled')),
      at(noon - 1, cancelledFor('event_deleted')),
      at(noon - 1, { status: 'succeeded', settledAt: noon }),
      at(noon - 1, { status: 'held', heldFor: 'backoff', since: noon, dueAt: noon + hour }),
      at(noon - hour - 1, dead),
      at(noon, dead),
      at(noon - 1, dead, { endpointId: ids.endpoint() }),
      at(noon - 1, dead, { applicationId: 'other' }),
    ];
    const { items, run, world: state } = world({ deliveries, work });
    await run();
    expect(generations(items.values())).toEqual([2, 2, 1, 1, 1, 1, 1, 1, 1]);
    expect(state.task).toMatchObject({ status: 'completed', started: 2, skipped: 2 });
  });

  it('walks every shard in paced steps, and is through, each once, whatever step it crashes at', async () => {
    // However they fall into the shards, a step takes fewer.
    const deliveries = Array.from({ length: 200 }, (_, n) => at(noon - 1 - n, dead));
    const calm = world({ deliveries, work });
    await calm.run();
    expect(calm.world.task?.step).toBeGreaterThanOrEqual(2);
    for (let crash = 1; crash <= calm.world.steps; crash += crash < 9 ? 1 : 7) {
      const { items, run, world: state } = world({ deliveries, work, crashAt: (step) => step === crash });
      await run();
      expect(new Set(generations(items.values())), `crash at ${crash}`).toEqual(new Set([2]));
      expect(state.task, `crash at ${crash}`).toMatchObject({ status: 'completed' });
    }
  });

  it('ends when its endpoint is disabled meanwhile', async () => {
    const {
      items,
      run,
      world: state,
    } = world({
      ...{ deliveries: [at(noon - 1, dead)], work, status: () => 'disabled' },
    });
    await run();
    expect(generations(items.values())).toEqual([1]);
    expect(state.task).toMatchObject({ status: 'completed', started: 0 });
  });
});

describe('a dry run', () => {
  it.each([
    ['redrive', { kind: 'redrive' }],
    ['recover', { kind: 'recover', endpointId: idsAt(noon).endpoint(), since: 0, until: noon + 1 }],
  ] as [string, TaskWork][])('of a %s counts what the real one starts, and does nothing', async (_, work) => {
    const of = 'endpointId' in work && work.endpointId ? { endpointId: work.endpointId } : {};
    const deliveries = [
      ...manyDead(30, of),
      movedTo(deliveryOf(of), { status: 'succeeded', settledAt: noon }),
    ];
    const dry = world({ deliveries, work, dryRun: true });
    await dry.run();
    expect([...dry.items.values()]).toEqual(deliveries);
    expect(dry.woken).toEqual([]);
    const real = world({ deliveries, work });
    await real.run();
    expect(real.woken).toHaveLength(30);
    expect(dry.world.task).toMatchObject({ status: 'completed', started: 30, dryRun: true });
    expect(dry.world.task?.skipped).toBe(real.world.task?.skipped);
  });
});

describe('the end of a deleted event', () => {
  const wide = 1_200;
  const ids = idsAt(noon);
  const matched: MatchedEndpoint[] = Array.from({ length: wide }, () => ({
    ...{ endpointId: ids.endpoint(), priority: 'normal' },
  }));
  const event = eventOf({ endpointCount: wide });
  const stored = [
    movedTo(deliveryOf({ endpointId: matched[0]?.endpointId ?? '', eventId: event.id }), {
      ...{ status: 'succeeded', settledAt: noon },
    }),
    movedTo(deliveryOf({ endpointId: matched[1]?.endpointId ?? '', eventId: event.id }), {
      ...{ status: 'held', heldFor: 'paused', since: noon },
    }),
  ];
  const deletion = (crashAt?: Options['crashAt']) =>
    world({
      ...{ event, deliveries: stored, work: { kind: 'delete-event', eventId: event.id } },
      segment: async (_, n) => matched.slice(n * 1_000, (n + 1) * 1_000),
      ...(crashAt ? { crashAt } : {}),
    });

  it('cancels each unsettled delivery, also those that have no item yet', async () => {
    const { items, run, woken, world: state } = deletion();
    await run();
    const states = [...items.values()].map((one) => one.state);
    expect(states.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
    expect(states.filter((one) => one.status === 'cancelled' && one.reason === 'event_deleted')).toHaveLength(
      wide - 1,
    );
    expect(state.task).toMatchObject({ status: 'completed', started: wide - 1, skipped: 1 });
    expect([woken, state.erased]).toEqual([[], 1]);
  });

  it('is through whatever step it crashes at', async () => {
    const calm = deletion();
    await calm.run();
    // Each position of a thousand alike tells nothing new: the first and last of each step and some between do.
    for (let crash = 1; crash <= calm.world.steps; crash += crash < 6 ? 1 : 211) {
      const { items, run, world: state } = deletion((step) => step === crash);
      await run();
      expect(items.size, `crash at ${crash}`).toBe(wide);
      expect(state.task, `crash at ${crash}`).toMatchObject({ status: 'completed' });
    }
  });
});

describe('a dead letter that was moved to the redrive queue', () => {
  const letterOf = ({ applicationId, endpointId, eventId, generation }: Delivery): Message => ({
    ...{ v: 1, kind: 'dead-letter', reason: 'exhausted' },
    ...{ applicationId, endpointId, eventId, generation },
  });

  it('starts the next generation if the delivery is dead in its own', async () => {
    const dead = deadAt(noon);
    const { items, woken, push, run } = world({ deliveries: [dead] });
    push(letterOf(dead), 0);
    push(letterOf(dead), 0);
    await run();
    expect(generations(items.values())).toEqual([2]);
    // The second one finds what it would have made itself: its message may have been lost.
    expect(woken.map(({ generation }) => generation)).toEqual([2, 2]);
  });

  it.each([
    ['succeeded meanwhile', movedTo(deliveryOf(), { status: 'succeeded', settledAt: noon })],
    ['dead in a later generation', { ...deadAt(noon), generation: 3 }],
  ])('does nothing for one that is %s', async (_, standing) => {
    const { items, woken, push, run } = world({ deliveries: [standing] });
    push({ ...letterOf(standing), generation: 1 } as Message, 0);
    await run();
    expect([...items.values()]).toEqual([standing]);
    expect(woken).toEqual([]);
  });

  it('does nothing for one that is unknown, foreign or has nowhere to go', async () => {
    const dead = deadAt(noon);
    const unknown = world({});
    unknown.push(letterOf(dead), 0);
    await unknown.run();
    const foreign = world({ deliveries: [dead] });
    foreign.push({ ...letterOf(dead), applicationId: 'other' } as Message, 0);
    await foreign.run();
    const nowhere = world({ deliveries: [dead], status: () => 'disabled' });
    nowhere.push(letterOf(dead), 0);
    await nowhere.run();
    for (const { woken, queue } of [unknown, foreign, nowhere]) expect([...woken, ...queue]).toEqual([]);
  });

  it('is through, once, whatever step it crashes at', async () => {
    for (let crash = 1; crash <= 6; crash += 1) {
      const dead = deadAt(noon);
      const { items, woken, push, run } = world({ deliveries: [dead], crashAt: (step) => step === crash });
      push(letterOf(dead), 0);
      await run();
      expect(generations(items.values())).toEqual([2]);
      expect(woken.length).toBeGreaterThan(0);
    }
  });
});

describe('anything else in the redrive queue', () => {
  it('goes back to the dead-letter queue as it was', async () => {
    const { aside, unreadable, ports } = world({});
    const bodies = ['nonsense', '{"v":1,"kind":"other"}'];
    for (const body of bodies) await handleTaskMessage(receivedOf(body), ports);
    expect(aside).toEqual(bodies);
    expect(unreadable).toHaveLength(2);
  });

  it('waits when a newer release wrote it', async () => {
    const { queue, ports } = world({});
    await handleTaskMessage(receivedOf('{"v":2}'), ports);
    expect(queue).toMatchObject([{ body: '{"v":2}', delay: 300_000 }]);
  });
});
