import { isOver, type Task } from '#core/task/task.ts';
import type { Invariant, World } from '../world.ts';

/** A task that was accepted ends without being read. */
export function tasksEnd({ plant, tasks, violated }: World): Invariant {
  return {
    onEnd() {
      const last = new Map<string, Task>(plant.tables.tasks.history.map((task) => [task.id, task]));
      const letters = plant.queues.bodies('dead-letter');
      for (const id of tasks) {
        const task = last.get(id);
        // A queue gives a message up that could not be handled for hours: the next reader of the task sends another.
        const isGivenUp = letters.some((letter) => letter.kind === 'task' && letter.taskId === id);
        if ((!task || !isOver(task)) && !isGivenUp)
          violated(`${id} (${task?.work.kind}) never ends: ${task?.status} at step ${task?.step}`);
      }
    },
  };
}
