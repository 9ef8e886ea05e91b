import { type HttpResponse, json } from '#adapters/http-api/response.ts';
import { Problem } from '#core/problem/problem.ts';
import { cancelled, newTask, type Task, type TaskWork } from '#core/task/task.ts';
import type { Services, Uses } from '../services.ts';
import { orUnavailable } from './queue-unavailable.ts';

// Each task restarts about a hundred deliveries per second, so that a few tasks keep the receivers busy. One batch read of
// the table returns as many items, to find the finished ones.
const mostUnfinishedTasks = 100;
// A task over a few hundred deliveries is completed by then.
const retryAfterSeconds = 5;

export type TaskServices = Uses<'tasks', 'start' | 'store' | 'queueStep'> &
  Uses<'ids', 'task'> &
  Pick<Services, 'now'>;

/**
 * Stores a task, queues its first step and answers 202 with its id.
 *
 * The deletion of an event always starts, because its payload is gone by then and portals cannot ask for it.
 *
 * @throws Problem `unavailable` when the queue refuses the step; `too_many_tasks` (429) when the application has too many
 *   unfinished tasks
 */
export async function startTask(
  { tasks, ids, now }: TaskServices,
  applicationId: string,
  work: TaskWork,
  options: Pick<Task, 'dryRun' | 'total' | 'hops'> = {},
): Promise<HttpResponse> {
  const task = newTask(ids.task(), applicationId, work, now(), options);
  if (work.kind !== 'delete-event') {
    const started = await tasks.start(task, mostUnfinishedTasks);
    if (started !== 'stored') throw tooManyTasks(started.unfinished.length);
  } else if (!(await tasks.store(task))) {
    throw new Error(`task ${task.id} already exists`);
  }
  try {
    await orUnavailable(tasks.queueStep(task, 0));
  } catch (error) {
    // The client is told to try again, which starts another task. This one never starts.
    await tasks.store(cancelled(task, now()));
    throw error;
  }
  return json(202, { taskId: task.id }, { location: `/api/tasks/${task.id}` });
}

function tooManyTasks(unfinished: number): Problem {
  const accepted = `at most ${mostUnfinishedTasks} unfinished tasks`;
  return new Problem('too_many_tasks', {
    detail:
      `the application has ${unfinished} unfinished tasks (redrives, replays, recoveries); accepted: ${accepted}; ` +
      'try again when one of them is completed, or cancel one: GET /api/tasks lists them, POST /api/tasks/{id}/cancel stops one',
    accepted,
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
}
