import { type HttpResponse, json } from '#adapters/http-api/response.ts';
import { Problem } from '#core/problem/problem.ts';
import { cancelled, newTask, type Task, type TaskWork } from '#core/task/task.ts';
import { mostUnfinishedTasks } from '#core/task/unfinished.ts';
import type { Tasks } from '../ports.ts';
import { orUnavailable } from './queue-unavailable.ts';

// A task over a few hundred deliveries is over by then; clients that wait as they are told get on by themselves.
const retryAfterSeconds = 5;

export interface StartTaskOptions {
  readonly tasks: Pick<Tasks, 'start' | 'store' | 'queueStep'>;
  readonly newTaskId: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Stores a task, queues its first step and answers 202 with its id.
 *
 * @throws Problem `unavailable` when the queue refuses the step; `too_many_tasks` (429) when the application has too many
 *   that are not over. The deletion of an event always begins: its payload is gone by then, and portals cannot ask for it.
 */
export type StartTask = (
  applicationId: string,
  work: TaskWork,
  options?: Pick<Task, 'dryRun' | 'total'>,
) => Promise<HttpResponse>;

export function createStartTask({ tasks, newTaskId, now }: StartTaskOptions): StartTask {
  const queueStep = orUnavailable(tasks.queueStep);

  async function startWithin(task: Task): Promise<void> {
    const started = await tasks.start(task, mostUnfinishedTasks);
    if (started === 'stored') return;
    const accepted = `at most ${mostUnfinishedTasks} unfinished tasks`;
    throw new Problem('too_many_tasks', {
      detail:
        `the application has ${started.unfinished.length} unfinished tasks (redrives, replays, recoveries); accepted: ${accepted}; ` +
        'ask again when one of them is over, or cancel one: GET /api/tasks shows them, POST /api/tasks/{id}/cancel stops one',
      accepted,
      headers: { 'retry-after': String(retryAfterSeconds) },
    });
  }

  return async (applicationId, work, options = {}) => {
    const task = newTask(newTaskId(), applicationId, work, now(), options);
    if (work.kind !== 'delete-event') await startWithin(task);
    else if (!(await tasks.store(task))) throw new Error(`there is a task ${task.id} already`);
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
