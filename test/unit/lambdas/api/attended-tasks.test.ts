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

describe('a task without progress for a quarter of an hour', () => {
  it.each([
    ['queued', 0],
    ['running', 7],
  ] as const)('continues when it is read: %s', async (status, step) => {
    const { tasks, steps } = world(taskOf({ status, step }));
    expect(await tasks.get('tsk_1')).toMatchObject({ status, step, updatedAt: noon, revision: 2 });
    expect(steps).toEqual([step]);
    await tasks.get('tsk_1');
    expect(steps).toEqual([step]);
  });

  it('continues when it prevents another task', async () => {
    const { tasks, steps } = world(taskOf());
    expect(await tasks.start(taskOf({ id: 'tsk_2' }), 1)).toMatchObject({ unfinished: [{ id: 'tsk_1' }] });
    expect(steps).toEqual([0]);
  });

  it('continues when it is listed, and the page is unchanged', async () => {
    const { tasks, steps } = world(taskOf());
    expect(await tasks.list('default', { limit: 10 })).toMatchObject({
      items: [{ id: 'tsk_1', status: 'queued' }],
      next: 'more',
    });
    expect(steps).toEqual([0]);
  });

  it('is left alone when a step changes it at the same time', async () => {
    const { tasks, steps } = world(taskOf(), { isTaken: true });
    await tasks.get('tsk_1');
    expect(steps).toEqual([]);
  });

  it('is shown also when the queue is unavailable', async () => {
    const { tasks, troubles } = world(taskOf(), { isRefused: true });
    expect(await tasks.get('tsk_1')).toMatchObject({ id: 'tsk_1', status: 'queued' });
    expect(troubles).toHaveLength(1);
  });
});

describe('a task that needs no message', () => {
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
