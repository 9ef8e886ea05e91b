import { cancelled, newTask, type Task, type TaskWork } from '../core/task/task.ts';
import { type HttpResponse, json } from '../runtime/http/response.ts';
import type { Tasks } from './ports.ts';
import { orUnavailable } from './queue-trouble.ts';

export interface StartTaskOptions {
  readonly tasks: Pick<Tasks, 'store' | 'queueStep'>;
  readonly newTaskId: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Stores a task, queues its first step and answers 202 with its id.
 *
 * @throws Problem `unavailable` when the queue refuses the step
 */
export type StartTask = (
  applicationId: string,
  work: TaskWork,
  options?: Pick<Task, 'dryRun' | 'total'>,
) => Promise<HttpResponse>;

export function createStartTask({ tasks, newTaskId, now }: StartTaskOptions): StartTask {
  const queueStep = orUnavailable(tasks.queueStep);
  return async (applicationId, work, options = {}) => {
    const task = newTask(newTaskId(), applicationId, work, now(), options);
    if (!(await tasks.store(task))) throw new Error(`there is a task ${task.id} already`);
    try {
      await queueStep(task, 0);
    } catch (error) {
      // It never begins, and whoever is told to try again makes another one.
      await tasks.store(cancelled(task, now()));
      throw error;
    }
    return json(202, { taskId: task.id }, { location: `/api/tasks/${task.id}` });
  };
}
