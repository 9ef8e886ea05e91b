import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { putRevision } from '#adapters/dynamodb/table/conditional.ts';
import { progressKey } from '#adapters/dynamodb/table/event-keys.ts';
import { type EventTable, eventTtl } from '#adapters/dynamodb/table/event-table.ts';
import { itemVersion, readItem, toAttributes } from '#adapters/dynamodb/table/table.ts';
import type { StoredEvent } from '#core/event/event.ts';

const progress = z.object({
  v: z.literal(itemVersion),
  done: z.int(),
  begun: z.int(),
  until: z.number(),
  revision: z.int(),
});

/** How far the fan-out of a segment has come. */
type StoredProgress = Omit<z.infer<typeof progress>, 'v'>;

export function createProgressStore(table: EventTable) {
  return {
    /** Consistent. */
    async get(eventId: string, segment: number) {
      const item = await readItem(table, progressKey(eventId, segment));
      if (item === undefined) return undefined;
      const { done, begun, until, revision } = progress.parse(unmarshall(item));
      return { done, begun, until, revision };
    },

    /** False when the revision before it does not stand; then nothing was changed. */
    async store({ id, deliverAt }: StoredEvent, segment: number, next: StoredProgress) {
      // It lives as long as its event, because a message of a week ago must still find it.
      const ttl = eventTtl(deliverAt, table.retentionDays);
      const item = toAttributes({ ...progressKey(id, segment), v: itemVersion, ttl, ...next });
      return (await putRevision(table, item, 'revision')).applied;
    },
  };
}
