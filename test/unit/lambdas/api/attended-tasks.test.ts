import { describe, expect, it } from 'vitest';
import { newTask, type Task } from '#core/task/task.ts';
import { createAttendedTasks } from '#lambdas/api/actions/attended-tasks.ts';
import { noon } from '#test/support/deliveries.ts';

const minute = 60_000;
const taskOf = (change: Partial<Task> = {}): Task => ({
  ...newTask('tsk_1', 'default', { kind: 'redrive' }, noon - 16 * minute),
  ...change,
});

function world(task: Task, { isRefused = false, isTaken = false } = {}) {
  let standing = task;
  const steps: number[] = [];
  const troubles: unknown[] = [];
  const tasks = createAttendedTasks({
    now: () => noon,
    onError: (_, error) => troubles.push(error),
    tasks: {
      get: async () => standing,
      start: async () => ({ unfinished: [standing] }),
      list: async () => ({ items: [standing], next: 'more' }),
      store: async (next) => {
        if (isTaken || next.revision !== standing.revision + 1) return false;
        standing = next;
        return true;
      },
      queueStep: async ({ step }) => {
        if (isRefused) throw new Error('the queue refused it');
        steps.push(step);
      },
    },
  });
  return { tasks, steps, troubles };
}

describe('a task that nobody has worked on for a quarter of an hour', () => {
  it.each([
    ['queued', 0],
    ['running', 7],
  ] as const)('goes on when somebody looks at it: %s', async (status, step) => {
    const { tasks, steps } = world(taskOf({ status, step }));
    expect(await tasks.get('tsk_1')).toMatchObject({ status, step, updatedAt: noon, revision: 2 });
    expect(steps).toEqual([step]);
    await tasks.get('tsk_1');
    expect(steps).toEqual([step]);
  });

  it('goes on when it keeps another one from starting', async () => {
    const { tasks, steps } = world(taskOf());
    expect(await tasks.start(taskOf({ id: 'tsk_2' }), 1)).toMatchObject({ unfinished: [{ id: 'tsk_1' }] });
    expect(steps).toEqual([0]);
  });

  it('goes on when somebody lists it, and the page is as it was', async () => {
    const { tasks, steps } = world(taskOf());
    expect(await tasks.list('default', { limit: 10 })).toMatchObject({
      items: [{ id: 'tsk_1', status: 'queued' }],
      next: 'more',
    });
    expect(steps).toEqual([0]);
  });

  it('is left to whoever moved it on in this very moment', async () => {
    const { tasks, steps } = world(taskOf(), { isTaken: true });
    await tasks.get('tsk_1');
    expect(steps).toEqual([]);
  });

  it('is shown all the same when the queue takes nothing', async () => {
    const { tasks, troubles } = world(taskOf(), { isRefused: true });
    expect(await tasks.get('tsk_1')).toMatchObject({ id: 'tsk_1', status: 'queued' });
    expect(troubles).toHaveLength(1);
  });
});

describe('a task that needs nothing', () => {
  it.each([
    ['was worked on lately', { updatedAt: noon - 14 * minute }],
    ['is completed', { status: 'completed' }],
    ['is cancelled', { status: 'cancelled' }],
  ] as const)('is left alone: it %s', async (_, change) => {
    const task = taskOf(change);
    const { tasks, steps } = world(task);
    expect(await tasks.get('tsk_1')).toBe(task);
    expect(steps).toEqual([]);
  });
});
