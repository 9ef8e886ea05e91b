import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createPassStore } from '#adapters/dynamodb/event/sweep-store.ts';
import { createTaskStart } from '#adapters/dynamodb/task/task-start.ts';
import { createTaskStore } from '#adapters/dynamodb/task/task-store.ts';
import { attentionShard, attentionShards } from '#core/delivery/attention.ts';
import { cancelled, newTask, progressed, type Task, type TaskWork } from '#core/task/task.ts';
import { deliveryOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';
import { startDatabase, type TestDatabase } from '#test/support/dynamodb.ts';

let database: TestDatabase;
let now: number;
let table: Parameters<typeof createTaskStore>[0];

beforeAll(async () => {
  database = await startDatabase();
});
beforeEach(async () => {
  now = noon;
  table = {
    client: database.client,
    tableName: await database.eventTable(),
    now: () => now,
    retentionDays: 30,
  };
});
afterAll(() => database.stop());

const day = 24 * 60 * 60_000;

describe('stored tasks', () => {
  const ids = idsAt(noon);
  const works: TaskWork[] = [
    { kind: 'redrive' },
    { kind: 'redrive', endpointId: ids.endpoint() },
    { kind: 'redrive', deliveryIds: ['dlv_1', 'dlv_2'] },
    { kind: 'replay', eventId: ids.event() },
    { kind: 'replay', eventId: ids.event(), endpointIds: [ids.endpoint()] },
    { kind: 'recover', endpointId: ids.endpoint(), since: noon, until: noon + day },
    { kind: 'delete-event', eventId: ids.event() },
  ];

  it.each(works)('come back as they were stored: %j', async (work) => {
    const tasks = createTaskStore(table);
    const task = newTask(ids.task(), 'default', work, noon, { dryRun: true, total: 4 });
    const moved = progressed(task, { started: 3, skipped: 1, cursor: { part: 2, after: 'x' } }, noon + 5);
    expect(await tasks.store(task)).toBe(true);
    expect(await tasks.get(task.id)).toEqual(task);
    expect(await tasks.store(moved)).toBe(true);
    expect(await tasks.get(task.id)).toEqual(moved);
  });

  it('change only from the revision that stands', async () => {
    const tasks = createTaskStore(table);
    const task = newTask(ids.task(), 'default', { kind: 'redrive' }, noon);
    expect(await tasks.store({ ...task, revision: 2 })).toBe(false);
    await tasks.store(task);
    expect(await tasks.store(task)).toBe(false);
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, started) =>
        tasks.store(progressed(task, { started, skipped: 0 }, noon)),
      ),
    );
    expect(all.filter(Boolean)).toHaveLength(1);
  });

  it('are forgotten a retention after their last step', async () => {
    const tasks = createTaskStore(table);
    const task = newTask(ids.task(), 'default', { kind: 'redrive' }, noon);
    await tasks.store(task);
    now += 31 * day;
    expect(await tasks.get(task.id)).toBeUndefined();
    expect(await tasks.get(ids.task())).toBeUndefined();
  });
});

describe('tasks that start', () => {
  const ids = idsAt(noon);
  const task = (applicationId = 'default') => newTask(ids.task(), applicationId, { kind: 'redrive' }, now);
  const finish = (one: Task) =>
    createTaskStore(table).store(progressed(one, { started: 0, skipped: 0 }, now));

  it('are as many as may be, however many come at once, and each application has its own', async () => {
    const start = createTaskStart(table);
    const all = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const one = task();
        return { one, outcome: await start(one, 5) };
      }),
    );
    const stored = all.flatMap(({ one, outcome }) => (outcome === 'stored' ? [one] : []));
    expect(stored).toHaveLength(5);
    const { items } = await createTaskStore(table).list('default', { limit: 100 });
    expect(items.map(({ id }) => id).toSorted()).toEqual(stored.map(({ id }) => id).toSorted());
    for (const { outcome } of all) {
      if (outcome !== 'stored') expect(outcome.unfinished).toHaveLength(5);
    }
    expect(await start(task('other'), 5)).toBe('stored');
  });

  it('find the room that others left: those that are over, cancelled or forgotten', async () => {
    const start = createTaskStart(table);
    const [first, second, third] = [task(), task(), task()];
    for (const one of [first, second, third]) expect(await start(one, 3)).toBe('stored');
    expect(await start(task(), 3)).toMatchObject({ unfinished: [{}, {}, {}] });
    await finish(first);
    await createTaskStore(table).store(cancelled(second, now));
    expect([await start(task(), 3), await start(task(), 3)]).toEqual(['stored', 'stored']);
    expect(await start(task(), 3)).toMatchObject({ unfinished: [{}, {}, {}] });
    now += 31 * day;
    expect(await start(task(), 3)).toBe('stored');
  });

  it('start once when their answer was lost', async () => {
    const start = createTaskStart(table);
    const one = task();
    expect([await start(one, 1), await start(one, 1)]).toEqual(['stored', 'stored']);
    expect(await createTaskStore(table).get(one.id)).toEqual(one);
  });
});

describe('the stored pass', () => {
  const pass = { since: 1, until: 2, startedAt: 3, queued: 4, revision: 1 };

  it('comes back as it was stored, and changes only from the revision that stands', async () => {
    const passes = createPassStore(table);
    expect(await passes.get()).toBeUndefined();
    expect(await passes.store(pass)).toBe(true);
    expect(await passes.get()).toEqual(pass);
    expect(await passes.store(pass)).toBe(false);
    const later = { ...pass, revision: 2, finishedAt: 9, applicationsDone: 'default', after: 'evt_1' };
    expect(await passes.store(later)).toBe(true);
    expect(await passes.get()).toEqual(later);
  });
});

describe('deliveries', () => {
  let deliveries: ReturnType<typeof createDeliveryStore>;
  beforeEach(() => {
    deliveries = createDeliveryStore(table);
  });

  it('that died by a time are listed longest dead first, page by page, while they are taken away', async () => {
    const dead = Array.from({ length: 60 }, (_, index) =>
      movedTo(deliveryOf({ createdAt: noon }), {
        ...{ status: 'dead', reason: 'exhausted', settledAt: noon + (index % 3) },
      }),
    );
    const late = movedTo(deliveryOf(), { status: 'dead', reason: 'exhausted', settledAt: noon + 3 });
    await Promise.all([...dead, late].map((delivery) => deliveries.store(delivery)));
    const found: string[] = [];
    for (let shard = 0; shard < attentionShards; shard += 1) {
      let after: string | undefined;
      const ofShard: number[] = [];
      do {
        const page = await deliveries.deadBy('default', shard, noon + 2, {
          limit: 2,
          ...(after === undefined ? {} : { after }),
        });
        for (const { endpointId, eventId } of page.items) {
          const delivery = dead.find((one) => one.eventId === eventId && one.endpointId === endpointId);
          if (!delivery) throw new Error(`${eventId} did not die in time`);
          expect(attentionShard({ endpointId, eventId })).toBe(shard);
          found.push(eventId);
          ofShard.push('settledAt' in delivery.state ? delivery.state.settledAt : 0);
          await deliveries.store(movedTo(delivery, { status: 'queued', dueAt: noon }, { generation: 2 }));
        }
        after = page.next;
      } while (after !== undefined);
      expect(ofShard).toEqual(ofShard.toSorted());
    }
    expect(found.toSorted()).toEqual(dead.map(({ eventId }) => eventId).toSorted());
  });

  it('without an item are told from those that have one, even one that is long settled', async () => {
    const known = Array.from({ length: 130 }, () =>
      movedTo(deliveryOf(), { status: 'succeeded', settledAt: noon - 40 * day }),
    );
    const unknown = Array.from({ length: 130 }, () => deliveryOf());
    await Promise.all(known.map((delivery) => deliveries.store(delivery)));
    const missing = await deliveries.without([...known, ...unknown]);
    expect(missing.map(({ eventId }) => eventId)).toEqual(unknown.map(({ eventId }) => eventId));
    expect(await deliveries.without([])).toEqual([]);
  });
});
