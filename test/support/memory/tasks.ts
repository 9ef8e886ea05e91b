import { settledTtl } from '#adapters/dynamodb/table/event-table.ts';
import type { createTaskStart } from '#adapters/dynamodb/task/task-start.ts';
import type { createTaskStore } from '#adapters/dynamodb/task/task-store.ts';
import { isOver, type Task } from '#core/task/task.ts';
import type { Tables } from './tables.ts';

type Tasks = Pick<ReturnType<typeof createTaskStore>, 'get' | 'store'> & {
  readonly start: ReturnType<typeof createTaskStart>;
};

export function memoryTasks({ tasks, openTasks, retentionDays }: Tables): Tasks {
  const put = (task: Task) =>
    tasks.put(task.id, task, settledTtl(task.updatedAt, retentionDays) * 1_000) === 'stored';

  return {
    get: async (id) => tasks.get(id),
    store: async (next) => put(next),

    async start(task, most) {
      let ids = openTasks.get(task.applicationId) ?? [];
      if (ids.includes(task.id)) return 'stored';
      if (ids.length >= most) {
        const unfinished = ids.flatMap((id) => tasks.get(id) ?? []).filter((one) => !isOver(one));
        if (unfinished.length >= most) return { unfinished };
        ids = unfinished.map(({ id }) => id);
      }
      if (!put(task)) throw new Error(`there is a task ${task.id} already`);
      openTasks.set(task.applicationId, [...ids, task.id]);
      return 'stored';
    },
  };
}
