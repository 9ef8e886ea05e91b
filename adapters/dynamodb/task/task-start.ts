import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { batchGet } from '#adapters/dynamodb/table/batch.ts';
import { ifRevisionBefore } from '#adapters/dynamodb/table/conditional.ts';
import { retryConflicts } from '#adapters/dynamodb/table/conflicts.ts';
import { openTasksKey, taskKey } from '#adapters/dynamodb/table/event-keys.ts';
import { type EventTable, settledTtl } from '#adapters/dynamodb/table/event-table.ts';
import { itemVersion, readItem, toAttributes } from '#adapters/dynamodb/table/table.ts';
import { isOver, type Task } from '#core/task/task.ts';
import { decodeTask, taskItem } from './task-store.ts';

/** The tasks of an application that may be unfinished: all that are, and some that ended since the list was shortened. */
const openTasks = z.object({ v: z.literal(itemVersion), ids: z.array(z.string()), revision: z.number() });

/**
 * Stores a new task, unless its application has `most` unfinished tasks already. Then it returns those.
 *
 * One transaction adds the task to the application's list and stores it, so that no more than `most` pass, however many
 * requests come at once, and the list never has a task that was not stored. The end of a task does not change the list.
 * When the list seems full, the tasks in it are read, and the finished ones leave. The price is a read and a transaction
 * of two items; for a full list also a read of `most` tasks.
 *
 * @throws VersionConflict when other requests kept starting tasks of the application
 */
export function createTaskStart(table: EventTable) {
  const { client, tableName: TableName, now } = table;

  async function unfinishedOf(ids: readonly string[]): Promise<Task[]> {
    const found = await batchGet(table, ids.map(taskKey));
    return found.flatMap((item) => decodeTask(item, now()) ?? []).filter((task) => !isOver(task));
  }

  return (task: Task, most: number) =>
    retryConflicts<'stored' | { readonly unfinished: readonly Task[] }>(
      table,
      `the tasks of application ${task.applicationId}`,
      async () => {
        const key = openTasksKey(task.applicationId);
        const item = await readItem(table, key);
        const standing = item && openTasks.parse(unmarshall(item));
        let ids = standing?.ids ?? [];
        // An earlier try stored it, and its answer was lost.
        if (ids.includes(task.id)) return 'stored';
        if (ids.length >= most) {
          const unfinished = await unfinishedOf(ids);
          if (unfinished.length >= most) return { unfinished };
          ids = unfinished.map(({ id }) => id);
        }
        const open = toAttributes({
          ...key,
          v: itemVersion,
          ttl: settledTtl(now(), table.retentionDays),
          ids: [...ids, task.id],
          revision: (standing?.revision ?? 0) + 1,
        });
        const puts = [open, taskItem(task, table)].map((Item) => ({
          Put: { TableName, Item, ...ifRevisionBefore(Item, 'revision', now()) },
        }));
        await client.send(new TransactWriteItemsCommand({ TransactItems: puts }));
        return 'stored';
      },
    );
}
