import { GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { batchGet } from '#adapters/dynamodb/table/batch-get.ts';
import { openTasksKey, taskKey } from '#adapters/dynamodb/table/event-keys.ts';
import { type EventTable, itemVersion, settledTtl } from '#adapters/dynamodb/table/event-table.ts';
import { revisionPut } from '#adapters/dynamodb/table/guarded-put.ts';
import { retryConflicts } from '#adapters/dynamodb/table/transaction.ts';
import { isOver, type Task } from '#core/task/task.ts';
import { decodeTask, taskItem } from './task-store.ts';

/** Which tasks of an application may be unfinished: all that are, and some that were when somebody looked last. */
const openTasks = z.object({ v: z.literal(itemVersion), ids: z.array(z.string()), revision: z.number() });

/**
 * Stores a new task, unless its application has `most` already that are not over; then tells those.
 *
 * A task is noted and stored in one transaction, so that of any number of requests at a time no more than `most` get
 * through, and none is noted that was never stored. Who ends a task takes no note: which are over is found out when there
 * seems to be no room for another one. A read and a transaction of two items; when there is no room, a read of `most`.
 *
 * @throws VersionConflict when others kept starting tasks of the application
 */
export type StartTask = (
  task: Task,
  most: number,
) => Promise<'stored' | { readonly unfinished: readonly Task[] }>;

export function createTaskStart(table: EventTable): StartTask {
  const { client, tableName: TableName, now, random = Math.random } = table;

  async function unfinishedOf(ids: readonly string[]): Promise<Task[]> {
    const found = await batchGet(table, ids.map(taskKey));
    return found.flatMap((item) => decodeTask(item, now()) ?? []).filter((task) => !isOver(task));
  }

  return (task, most) =>
    retryConflicts({ now, random }, `the tasks of application ${task.applicationId}`, async () => {
      const key = openTasksKey(task.applicationId);
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: marshall({ ...key }), ConsistentRead: true }),
      );
      const standing = Item === undefined ? undefined : openTasks.parse(unmarshall(Item));
      let ids = standing?.ids ?? [];
      // Whose answer was lost: what is noted is stored.
      if (ids.includes(task.id)) return 'stored';
      if (ids.length >= most) {
        const unfinished = await unfinishedOf(ids);
        if (unfinished.length >= most) return { unfinished };
        ids = unfinished.map(({ id }) => id);
      }
      const open = {
        ...{ ...key, v: itemVersion, ttl: settledTtl(now(), table.retentionDays) },
        ...{ ids: [...ids, task.id], revision: (standing?.revision ?? 0) + 1 },
      };
      const puts = [open, taskItem(task, table)].map((item) => ({ Put: revisionPut(TableName, item) }));
      await client.send(new TransactWriteItemsCommand({ TransactItems: puts }));
      return 'stored';
    });
}
