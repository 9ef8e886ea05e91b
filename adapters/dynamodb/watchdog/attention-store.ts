import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  TransactionConflictException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import {
  attentionPartition,
  attentionPartitions,
  endpointAttentionKey,
  purgeAttentionKey,
  routesAttentionKey,
} from '#adapters/dynamodb/table/config-keys.ts';
import {
  type ConfigTable,
  getItem,
  type Key,
  queryAll,
  type RawItem,
  toAttributes,
} from '#adapters/dynamodb/table/config-table.ts';
import { expressionOf, itemVersion, updateOf } from '#adapters/dynamodb/table/step.ts';
import { retryConflicts } from '#adapters/dynamodb/table/transaction.ts';
import type { DrainProgress, WatchedEndpoint } from '#core/delivery/drain.ts';

/** What the scheduler has to look at. */
export type AttentionEntry =
  /**
   * The application's routing moved on to this version. `changes` and `since` (epoch ms) say how many changes
   * there were, and when the first, since the entry was cleared last.
   */
  | {
      readonly kind: 'routes';
      readonly applicationId: string;
      readonly version: number;
      readonly changes: number;
      readonly since: number;
    }
  /**
   * Deliveries are or may be held for the endpoint: its circuit opened, or its status changed, at `since` (epoch ms).
   * What to do with them is told by the endpoint itself, which may have changed again.
   */
  | ({ readonly kind: 'endpoint' } & WatchedEndpoint)
  /** The application was removed at `since` (epoch ms), and what it had is to be taken down. */
  | { readonly kind: 'purge'; readonly applicationId: string; readonly since: number };

export interface AttentionStore {
  /** Eventually consistent: what is missed now is found a minute later. 16 Queries, 8 RRU when nothing is to do. */
  list(): Promise<AttentionEntry[]>;
  /** Removes an entry unless it was renewed since it was read. */
  clear(entry: AttentionEntry): Promise<void>;
  /** Makes the scheduler look at an endpoint. Needs the right to update items, and no other. */
  watch(endpoint: { readonly endpointId: string; readonly applicationId: string }): Promise<void>;
  /** Consistent. */
  watched(endpointId: string): Promise<WatchedEndpoint | undefined>;
  /** Takes a step of a drain: false when the entry was renewed or somebody else took a step since it was read. */
  takeStep(entry: WatchedEndpoint, next: DrainProgress): Promise<boolean>;
  /** Notes the id of what was announced last of an endpoint; nothing when nobody looks after it any more. */
  announced(endpointId: string, id: string): Promise<void>;
}

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

export function createAttentionStore(table: ConfigTable): AttentionStore {
  return {
    async list() {
      const partitions = Array.from({ length: attentionPartitions }, (_, index) => attentionPartition(index));
      return (await Promise.all(partitions.map((pk) => entriesIn(table, pk)))).flat();
    },

    async clear(entry) {
      const key = keyOf(entry);
      const read = entry.kind === 'routes' ? { version: entry.version } : { since: entry.since };
      try {
        await table.client.send(
          new DeleteItemCommand({
            TableName: table.tableName,
            Key: toAttributes({ ...key }),
            ...expressionOf({ equal: read }),
          }),
        );
      } catch (error) {
        // Renewed, or about to be by a transaction in progress: then it is for the next look.
        const renewed =
          error instanceof ConditionalCheckFailedException || error instanceof TransactionConflictException;
        if (!renewed) throw error;
      }
    },

    watch: ({ endpointId, applicationId }) =>
      retryConflicts(table, `the attention to endpoint ${endpointId}`, async () => {
        const set = { v: itemVersion, kind: 'endpoint', endpointId, applicationId, since: table.now() };
        await table.client.send(
          new UpdateItemCommand({
            TableName: table.tableName,
            Key: toAttributes({ ...endpointAttentionKey(endpointId) }),
            ...updateOf({ set }),
          }),
        );
      }),

    async watched(endpointId) {
      const item = await getItem(table, endpointAttentionKey(endpointId), { consistent: true });
      const entry = item && parseEntry(item);
      return entry?.kind === 'endpoint' ? entry : undefined;
    },

    async takeStep({ endpointId, since, drain }, next) {
      const read = { since, drain };
      try {
        await table.client.send(
          new UpdateItemCommand({
            TableName: table.tableName,
            Key: toAttributes({ ...endpointAttentionKey(endpointId) }),
            ...updateOf({ set: { drain: { ...next } } }, { equal: read }),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    announced: (endpointId, id) =>
      retryConflicts(table, `the attention to endpoint ${endpointId}`, async () => {
        try {
          await table.client.send(
            new UpdateItemCommand({
              TableName: table.tableName,
              Key: toAttributes({ ...endpointAttentionKey(endpointId) }),
              ...updateOf({ set: { announced: id } }, 'exists'),
            }),
          );
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      }),
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
