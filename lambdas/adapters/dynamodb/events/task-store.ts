import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import type { Task } from '../../../core/task/task.ts';
import { type EventTable, isExpired, itemVersion, settledTtl } from './event-table.ts';
import { putRevision } from './guarded-put.ts';
import { taskKey } from './keys.ts';

export interface TaskStore {
  /** Consistent. */
  get(id: string): Promise<Task | undefined>;
  /** False when the revision before it is not the one that stands; then nothing was changed. */
  store(next: Task): Promise<boolean>;
}

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
  ]),
  status: z.enum(['queued', 'running', 'completed', 'cancelled']),
  cursor: z.object({ part: z.number(), after: z.optional(z.string()) }),
  step: z.number(),
  started: z.number(),
  skipped: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
  revision: z.number(),
});

/** Tasks in the event table. They are forgotten a retention after their last step. */
export function createTaskStore(table: EventTable): TaskStore {
  return {
    async get(id) {
      const { Item } = await table.client.send(
        new GetItemCommand({
          TableName: table.tableName,
          Key: marshall({ ...taskKey(id) }),
          ConsistentRead: true,
        }),
      );
      if (!Item) return undefined;
      const { v, ttl, ...task } = item.parse(unmarshall(Item));
      return isExpired(ttl, table.now()) ? undefined : task;
    },

    store: (next) =>
      putRevision(table, {
        ...taskKey(next.id),
        v: itemVersion,
        ttl: settledTtl(next.updatedAt, table.retentionDays),
        ...next,
      }),
  };
}
