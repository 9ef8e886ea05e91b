import * as z from 'zod/mini';
import { conditionalDelete, conditionalUpdate } from '#adapters/dynamodb/table/conditional.ts';
import {
  attentionPartition,
  attentionPartitions,
  endpointAttentionKey,
  purgeAttentionKey,
  routesAttentionKey,
} from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem, queryAll, type RawItem } from '#adapters/dynamodb/table/config-table.ts';
import { expressionOf, updateOf } from '#adapters/dynamodb/table/step.ts';
import { itemVersion, type Key } from '#adapters/dynamodb/table/table.ts';
import type { AttentionEntry } from '#core/delivery/attention-entry.ts';
import type { DrainProgress, WatchedEndpoint } from '#core/delivery/drain.ts';

const version = { v: z.literal(itemVersion) };

const schema = z.union([
  z.object({ ...version, kind: z.literal('purge'), applicationId: z.string(), since: z.number() }),
  z.object({
    ...version,
    kind: z.literal('routes'),
    applicationId: z.string(),
    version: z.number(),
    changes: z.number(),
    since: z.number(),
  }),
  z.object({
    ...version,
    kind: z.literal('endpoint'),
    endpointId: z.string(),
    applicationId: z.string(),
    since: z.number(),
    drain: z.optional(
      z.object({
        cause: z.number(),
        step: z.number(),
        size: z.number(),
        at: z.number(),
        last: z.string(),
      }),
    ),
    announced: z.optional(z.string()),
  }),
]);

export function createAttentionStore(table: ConfigTable) {
  return {
    /** Eventually consistent: an entry that is missed now is found a minute later. 16 Queries, 8 RRU for none. */
    async list() {
      const partitions = Array.from({ length: attentionPartitions }, (_, index) => attentionPartition(index));
      return (await Promise.all(partitions.map((pk) => entriesIn(table, pk)))).flat();
    },

    /**
     * Removes an entry unless it was renewed since it was read.
     *
     *     scheduler   read since=1 ── packs ──────────────── delete if since=1 ✗: the entry stays for the next tick
     *     a change                    set since=2 ✓
     */
    async clear(entry: AttentionEntry) {
      const read = entry.kind === 'routes' ? { version: entry.version } : { since: entry.since };
      await conditionalDelete(table, keyOf(entry), expressionOf({ equal: read }));
    },

    /** Makes the scheduler look at an endpoint. It needs only the right to update items. */
    async watch({
      endpointId,
      applicationId,
    }: {
      readonly endpointId: string;
      readonly applicationId: string;
    }) {
      const set = { v: itemVersion, kind: 'endpoint', endpointId, applicationId, since: table.now() };
      await conditionalUpdate(table, endpointAttentionKey(endpointId), updateOf({ set }));
    },

    /** Consistent. */
    async watched(endpointId: string) {
      const item = await getItem(table, endpointAttentionKey(endpointId));
      const entry = item && parseEntry(item);
      return entry?.kind === 'endpoint' ? entry : undefined;
    },

    /** Takes a step of a drain: false when the entry was renewed or another function took a step since it was read. */
    async takeStep({ endpointId, since, drain }: WatchedEndpoint, next: DrainProgress) {
      const update = updateOf({ set: { drain: { ...next } } }, { equal: { since, drain } });
      return (await conditionalUpdate(table, endpointAttentionKey(endpointId), update)).applied;
    },

    /** Notes the id of the last announcement about an endpoint, while the endpoint has an entry. */
    async announced(endpointId: string, id: string) {
      const update = updateOf({ set: { announced: id } }, 'exists');
      await conditionalUpdate(table, endpointAttentionKey(endpointId), update);
    },
  };
}

function keyOf(entry: AttentionEntry): Key {
  switch (entry.kind) {
    case 'routes':
      return routesAttentionKey(entry.applicationId);
    case 'endpoint':
      return endpointAttentionKey(entry.endpointId);
    case 'purge':
      return purgeAttentionKey(entry.applicationId);
  }
}

async function entriesIn(table: ConfigTable, pk: string): Promise<AttentionEntry[]> {
  const entries: AttentionEntry[] = [];
  for await (const items of queryAll(table, { pk, prefix: '', consistent: false }))
    entries.push(...items.map(parseEntry));
  return entries;
}

function parseEntry(item: RawItem): AttentionEntry {
  const { v, ...entry } = z.parse(schema, item);
  return entry;
}
