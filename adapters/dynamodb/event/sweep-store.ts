import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { reconcileKey } from '#adapters/dynamodb/table/event-keys.ts';
import { type EventTable, itemVersion } from '#adapters/dynamodb/table/event-table.ts';
import { putRevision } from '#adapters/dynamodb/table/guarded-put.ts';

const pass = z.object({
  v: z.literal(itemVersion),
  since: z.number(),
  until: z.number(),
  startedAt: z.number(),
  finishedAt: z.optional(z.number()),
  applicationsDone: z.optional(z.string()),
  after: z.optional(z.string()),
  queued: z.number(),
  revision: z.number(),
});

/** How far a walk over the events came. */
export type StoredPass = Omit<z.infer<typeof pass>, 'v'>;

export interface PassStore {
  /** Consistent. */
  get(): Promise<StoredPass | undefined>;
  /** False when the revision before it is not the one that stands; then nothing was changed. */
  store(next: StoredPass): Promise<boolean>;
}

export function createPassStore(table: Pick<EventTable, 'client' | 'tableName'>): PassStore {
  return {
    async get() {
      const { Item } = await table.client.send(
        new GetItemCommand({
          TableName: table.tableName,
          Key: marshall({ ...reconcileKey }),
          ConsistentRead: true,
        }),
      );
      if (!Item) return undefined;
      const { v, ...found } = pass.parse(unmarshall(Item));
      return found;
    },

    store: (next) => putRevision(table, { ...reconcileKey, v: itemVersion, ...next }),
  };
}
