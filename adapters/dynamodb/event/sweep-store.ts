import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { putRevision } from '#adapters/dynamodb/table/conditional.ts';
import { reconcileKey } from '#adapters/dynamodb/table/event-keys.ts';
import { itemVersion, readItem, type Table, toAttributes } from '#adapters/dynamodb/table/table.ts';

const sweep = z.object({
  v: z.literal(itemVersion),
  since: z.number(),
  until: z.number(),
  startedAt: z.number(),
  finishedAt: z.optional(z.number()),
  areHeldWatched: z.optional(z.boolean()),
  applicationsDone: z.optional(z.string()),
  after: z.optional(z.string()),
  queued: z.number(),
  revision: z.number(),
});

/** Stores how far the sweep of the reconcile function has come. */
export function createSweepStore(table: Table) {
  return {
    /** Consistent. */
    async get() {
      const item = await readItem(table, reconcileKey);
      if (item === undefined) return undefined;
      const { v, ...found } = sweep.parse(unmarshall(item));
      return found;
    },

    /** False when the revision before it is not the one that stands; then nothing was changed. */
    async store(next: Omit<z.infer<typeof sweep>, 'v'>) {
      const item = toAttributes({ ...reconcileKey, v: itemVersion, ...next });
      return (await putRevision(table, item, 'revision')).applied;
    },
  };
}
