import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { putRevision } from '#adapters/dynamodb/table/conditional.ts';
import { reconcileKey } from '#adapters/dynamodb/table/event-keys.ts';
import { itemVersion, readItem, type Table, toAttributes } from '#adapters/dynamodb/table/table.ts';

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

/** How far a sweep over the events has come. */
export type StoredPass = Omit<z.infer<typeof pass>, 'v'>;

export function createPassStore(table: Table) {
  return {
    /** Consistent. */
    async get() {
      const item = await readItem(table, reconcileKey);
      if (item === undefined) return undefined;
      const { v, ...found } = pass.parse(unmarshall(item));
      return found;
    },

    /** False when the revision before it does not stand; then nothing was changed. */
    async store(next: StoredPass) {
      const item = toAttributes({ ...reconcileKey, v: itemVersion, ...next });
      return (await putRevision(table, item, 'revision')).applied;
    },
  };
}
