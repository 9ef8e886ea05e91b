import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { progressKey } from '#adapters/dynamodb/table/event-keys.ts';
import { type EventTable, eventTtl, itemVersion } from '#adapters/dynamodb/table/event-table.ts';
import { putRevision } from '#adapters/dynamodb/table/guarded-put.ts';
import type { StoredEvent } from '#core/event/event.ts';

const progress = z.object({
  v: z.literal(itemVersion),
  done: z.int(),
  begun: z.int(),
  until: z.number(),
  revision: z.int(),
});

/** How far the fan-out of a segment came. */
export type StoredProgress = Omit<z.infer<typeof progress>, 'v'>;

export interface ProgressStore {
  /** Consistent. */
  get(eventId: string, segment: number): Promise<StoredProgress | undefined>;
  /** False when the revision before it is not the one that stands; then nothing was changed. */
  store(event: StoredEvent, segment: number, next: StoredProgress): Promise<boolean>;
}

export function createProgressStore(
  table: Pick<EventTable, 'client' | 'tableName' | 'retentionDays'>,
): ProgressStore {
  return {
    async get(eventId, segment) {
      const { Item } = await table.client.send(
        new GetItemCommand({
          TableName: table.tableName,
          Key: marshall({ ...progressKey(eventId, segment) }),
          ConsistentRead: true,
        }),
      );
      if (!Item) return undefined;
      const { done, begun, until, revision } = progress.parse(unmarshall(Item));
      return { done, begun, until, revision };
    },

    // It lives as long as what it is about: a message of a week ago must still find it.
    store: ({ id, deliverAt }, segment, next) =>
      putRevision(table, {
        ...progressKey(id, segment),
        v: itemVersion,
        ttl: eventTtl(deliverAt, table.retentionDays),
        ...next,
      }),
  };
}
