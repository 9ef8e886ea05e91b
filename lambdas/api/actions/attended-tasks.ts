import { watchMargin } from '#core/delivery/watchdog.ts';
import type { Page, PageRequest } from '#core/page/page.ts';
import { isOver, type Task } from '#core/task/task.ts';

export interface Tasks {
  get(id: string): Promise<Task | undefined>;
  /** Stores a new task, unless the application has `most` unfinished ones; then returns those. */
  start(task: Task, most: number): Promise<'stored' | { readonly unfinished: readonly Task[] }>;
  /** False when the table holds another revision than the one before this. */
  store(next: Task): Promise<boolean>;
  /** Newest first. */
  list(applicationId: string, page: PageRequest): Promise<Page<Task>>;
  /** Queues the message that asks for the task's next step; rejects when the queue refuses it. */
  queueStep(task: Task, delay: number): Promise<void>;
}

export interface AttendedTasksOptions {
  readonly tasks: Tasks;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Called when a step could not be queued; must not throw. */
  readonly onError: (task: Task, error: unknown) => void;
}

/**
 * Tasks whose next step is queued again when they are read and have made no progress for a quarter of an hour. The request
 * that started a task may have crashed before it sent the first message, and a queue gives a message up after too many
 * receives.
 */
export function createAttendedTasks({ tasks, now, onError }: AttendedTasksOptions): Tasks {
  async function attend(task: Task): Promise<Task> {
    if (isOver(task) || now() - task.updatedAt < watchMargin) return task;
    const next = { ...task, updatedAt: now(), revision: task.revision + 1 };
    // The task moved on in the meantime, so it needs no message.
    if (!(await tasks.store(next))) return task;
    try {
      await tasks.queueStep(next, 0);
    } catch (error) {
      // The next read after a quarter of an hour tries again; this answer does not depend on it.
      onError(task, error);
    }
    return next;
  }

  return {
    ...tasks,
    async get(id) {
      const task = await tasks.get(id);
      return task && attend(task);
    },
    async start(task, most) {
      const started = await tasks.start(task, most);
      // A task without progress would count as unfinished for ever, because portals cannot read it.
      if (started !== 'stored') await Promise.all(started.unfinished.map(attend));
      return started;
    },
    async list(applicationId, page) {
      const { items, ...rest } = await tasks.list(applicationId, page);
      return { ...rest, items: await Promise.all(items.map(attend)) };
    },
  };
}
