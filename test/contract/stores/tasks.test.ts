import { describe, expect, it } from 'vitest';
import { cancelled, newTask, progressed, type Task, type TaskWork } from '#core/task/task.ts';
import { idsAt, noon } from '#test/support/deliveries.ts';
import { deployedOn, engines } from '#test/support/store-engines.ts';

const day = 24 * 60 * 60_000;
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

describe.each(engines)('stored tasks in $name', (engine) => {
  const at = deployedOn(engine);

  it.each(works)('come back as they were stored: %j', async (work) => {
    const task = newTask(ids.task(), 'default', work, noon, { dryRun: true, total: 4 });
    const moved = progressed(task, { started: 3, skipped: 1, cursor: { part: 2, after: 'x' } }, noon + 5);
    expect(await at.tasks.store(task)).toBe(true);
    expect(await at.tasks.get(task.id)).toEqual(task);
    expect(await at.tasks.store(moved)).toBe(true);
    expect(await at.tasks.get(task.id)).toEqual(moved);
  });

  it('change only from the revision that stands', async () => {
    const task = newTask(ids.task(), 'default', { kind: 'redrive' }, noon);
    expect(await at.tasks.store({ ...task, revision: 2 })).toBe(false);
    await at.tasks.store(task);
    expect(await at.tasks.store({ ...task })).toBe(false);
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, started) =>
        at.tasks.store(progressed(task, { started, skipped: 0 }, noon)),
      ),
    );
    expect(all.filter(Boolean)).toHaveLength(1);
  });

  it('are forgotten a retention after their last step', async () => {
    const task = newTask(ids.task(), 'default', { kind: 'redrive' }, noon);
    await at.tasks.store(task);
    await at.tasks.store(progressed(task, { started: 1, skipped: 0, cursor: { part: 1 } }, noon + day));
    at.now = noon + 31 * day - 1;
    expect(await at.tasks.get(task.id)).toBeDefined();
    at.now += 1;
    expect(await at.tasks.get(task.id)).toBeUndefined();
    expect(await at.tasks.get(ids.task())).toBeUndefined();
  });
});

describe.each(engines)('tasks that start in $name', (engine) => {
  const at = deployedOn(engine);
  const task = (applicationId = 'default') => newTask(ids.task(), applicationId, { kind: 'redrive' }, at.now);
  const finish = (one: Task) => at.tasks.store(progressed(one, { started: 0, skipped: 0 }, at.now));

  it('are as many as may be, however many come at once, and each application has its own', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const one = task();
        return { one, outcome: await at.tasks.start(one, 5) };
      }),
    );
    const stored = all.flatMap(({ one, outcome }) => (outcome === 'stored' ? [one] : []));
    expect(stored).toHaveLength(5);
    for (const { one, outcome } of all) {
      expect(await at.tasks.get(one.id)).toEqual(outcome === 'stored' ? one : undefined);
      if (outcome !== 'stored') expect(outcome.unfinished).toHaveLength(5);
    }
    expect(await at.tasks.start(task('other'), 5)).toBe('stored');
  });

  it('find the room that others left: those that are over, cancelled or forgotten', async () => {
    const [first, second, third] = [task(), task(), task()];
    for (const one of [first, second, third]) expect(await at.tasks.start(one, 3)).toBe('stored');
    expect(await at.tasks.start(task(), 3)).toMatchObject({ unfinished: [{}, {}, {}] });
    await finish(first);
    await at.tasks.store(cancelled(second, at.now));
    expect([await at.tasks.start(task(), 3), await at.tasks.start(task(), 3)]).toEqual(['stored', 'stored']);
    expect(await at.tasks.start(task(), 3)).toMatchObject({ unfinished: [{}, {}, {}] });
    at.now += 31 * day;
    expect(await at.tasks.start(task(), 3)).toBe('stored');
  });

  it('do not count those that were stored without being counted', async () => {
    await at.tasks.store(task());
    expect(await at.tasks.start(task(), 1)).toBe('stored');
    expect(await at.tasks.start(task(), 1)).toMatchObject({ unfinished: [{}] });
  });

  it('start once when their answer was lost', async () => {
    const one = task();
    expect([await at.tasks.start(one, 1), await at.tasks.start(one, 1)]).toEqual(['stored', 'stored']);
    expect(await at.tasks.get(one.id)).toEqual(one);
  });
});

describe.each(engines)('the stored sweep of reconcile in $name', (engine) => {
  const at = deployedOn(engine);
  const sweep = { since: 1, until: 2, startedAt: 3, queued: 4, revision: 1 };

  it('comes back as it was stored, and changes only from the revision that stands', async () => {
    expect(await at.sweeps.get()).toBeUndefined();
    expect(await at.sweeps.store(sweep)).toBe(true);
    expect(await at.sweeps.get()).toEqual(sweep);
    expect(await at.sweeps.store({ ...sweep })).toBe(false);
    const later = { ...sweep, revision: 2, finishedAt: 9, applicationsDone: 'default', after: 'evt_1' };
    expect(await at.sweeps.store(later)).toBe(true);
    expect(await at.sweeps.get()).toEqual(later);
  });
});
