import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { batchGet } from '#adapters/dynamodb/table/batch.ts';
import { putRevision } from '#adapters/dynamodb/table/conditional.ts';
import { taskKey, tasksKey } from '#adapters/dynamodb/table/event-keys.ts';
import { type EventTable, settledTtl } from '#adapters/dynamodb/table/event-table.ts';
import {
  type Item,
  isExpired,
  itemVersion,
  keyIn,
  readItem,
  toAttributes,
} from '#adapters/dynamodb/table/table.ts';
import { attentionIndex } from '#adapters/dynamodb/watchdog/watchdog-index.ts';
import type { PageRequest } from '#core/page/page.ts';
import type { Task } from '#core/task/task.ts';

const item = z.object({
  v: z.literal(itemVersion),
  ttl: z.number(),
  id: z.string(),
  applicationId: z.string(),
  work: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('redrive'),
      endpointId: z.optional(z.string()),
      deliveryIds: z.optional(z.array(z.string())),
    }),
    z.object({
      kind: z.literal('replay'),
      eventId: z.string(),
      endpointIds: z.optional(z.array(z.string())),
    }),
    z.object({
      kind: z.literal('recover'),
      endpointId: z.string(),
      since: z.number(),
      until: z.number(),
    }),
    z.object({ kind: z.literal('delete-event'), eventId: z.string() }),
  ]),
  dryRun: z.optional(z.boolean()),
  hops: z.optional(z.number()),
  total: z.optional(z.number()),
  status: z.enum(['queued', 'running', 'completed', 'cancelled']),
  cursor: z.object({ part: z.number(), after: z.optional(z.string()) }),
  step: z.number(),
  started: z.number(),
  skipped: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
  revision: z.number(),
  attentionKey: z.string(),
  attentionAt: z.number(),
});

/** Undefined for an expired task. @param now epoch milliseconds */
export function decodeTask(found: Item, now: number): Task | undefined {
  const { v, ttl, attentionKey, attentionAt, ...task } = item.parse(unmarshall(found));
  return isExpired(ttl, now) ? undefined : task;
}

/** The item of a task. */
export const taskItem = (task: Task, { retentionDays }: Pick<EventTable, 'retentionDays'>): Item =>
  toAttributes({
    ...taskKey(task.id),
    v: itemVersion,
    ttl: settledTtl(task.updatedAt, retentionDays),
    attentionKey: tasksKey(task.applicationId),
    attentionAt: task.createdAt,
    ...task,
  });

/** Tasks in the event table. They expire a retention after their last step. */
export function createTaskStore(table: EventTable) {
  const decode = (found: Item): Task | undefined => decodeTask(found, table.now());

  return {
    /** Consistent. */
    async get(id: string) {
      const found = await readItem(table, taskKey(id));
      return found && decode(found);
    },

    /** False when the revision before it does not stand; then nothing was changed. */
    store: async (next: Task) => (await putRevision(table, taskItem(next, table), 'revision')).applied,

    /**
     * An application's tasks, the newest first. A new one may be missing for a moment, because the index follows the table.
     *
     * @throws RangeError when `after` is not a position that a page gave out
     */
    async list(applicationId: string, { after, limit }: PageRequest) {
      const key = tasksKey(applicationId);
      const { Items = [], LastEvaluatedKey } = await table.client.send(
        new QueryCommand({
          TableName: table.tableName,
          IndexName: attentionIndex,
          KeyConditionExpression: 'attentionKey = :key',
          ExpressionAttributeValues: { ':key': { S: key } },
          ScanIndexForward: false,
          Limit: limit,
          ExclusiveStartKey: after === undefined ? undefined : startKey(key, after),
        }),
      );
      const keys = Items.map(keyIn);
      const tasks = (await batchGet(table, keys)).flatMap((found) => decode(found) ?? []);
      const byKey = new Map(tasks.map((task) => [taskKey(task.id).pk, task]));
      const last = Items.at(-1);
      return {
        items: keys.flatMap(({ pk }) => byKey.get(pk) ?? []),
        next: LastEvaluatedKey && last && positionOf(last),
      };
    },
  };
}

const positionOf = ({ attentionAt, pk }: Item): string =>
  `${attentionAt?.N}.${pk?.S?.slice(taskKey('').pk.length)}`;

const positionPattern = /^(\d{1,16})\.(tsk_[0-9a-z]{26})$/;

function startKey(attentionKey: string, after: string): Item {
  const [, at, id] = positionPattern.exec(after) ?? [];
  if (at === undefined || id === undefined) {
    throw new RangeError(
      `expected the position that a page ended with, got ${JSON.stringify(after.slice(0, 60))}`,
    );
  }
  return marshall({ attentionKey, attentionAt: Number(at), ...taskKey(id) });
}
