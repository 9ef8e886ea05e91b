import { watchMargin } from '#core/delivery/attention.ts';
import { isOver, type Task } from '#core/task/task.ts';
import type { Tasks } from '../ports.ts';

export interface AttendedTasksOptions {
  readonly tasks: Tasks;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told of a step that could not be asked for; must not throw. */
  readonly troubled: (task: Task, error: unknown) => void;
}

/**
 * Tasks that go on when somebody looks at them, should nobody be at work on them: the request that asked for one may
 * have died before its first message was sent, and a queue gives a message up after too many receives.
 */
export function createAttendedTasks({ tasks, now, troubled }: AttendedTasksOptions): Tasks {
  async function attend(task: Task): Promise<Task> {
    if (isOver(task) || now() - task.updatedAt < watchMargin) return task;
    const asked = { ...task, updatedAt: now(), revision: task.revision + 1 };
    // Moved on meanwhile: somebody is at work.
    if (!(await tasks.store(asked))) return task;
    try {
      await tasks.queueStep(asked, 0);
    } catch (error) {
      // Whoever looks in a quarter of an hour tries again, and this answer is about something else.
      troubled(task, error);
    }
    return asked;
  }

  return {
    ...tasks,
    async get(id) {
      const task = await tasks.get(id);
      return task && attend(task);
    },
    async start(task, most) {
      const started = await tasks.start(task, most);
      // Those that nobody is at work on would be in the way for ever: portals cannot look at them.
      if (started !== 'stored') await Promise.all(started.unfinished.map(attend));
      return started;
    },
    async list(applicationId, page) {
      const { items, ...rest } = await tasks.list(applicationId, page);
      return { ...rest, items: await Promise.all(items.map(attend)) };
    },
  };
}
