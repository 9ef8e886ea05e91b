import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { attentionPartition, attentionPartitions, drainAttentionKey, routesAttentionKey } from './keys.ts';
import { expressionOf, itemVersion } from './step.ts';
import { type ConfigTable, queryAll, type RawItem, toAttributes } from './table.ts';

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
  /** What is held for the endpoint may go: it was resumed, enabled, disabled or deleted at `since` (epoch ms). */
  | {
      readonly kind: 'drain';
      readonly endpointId: string;
      readonly applicationId: string;
      readonly since: number;
    };

export interface AttentionStore {
  /** Eventually consistent: what is missed now is found a minute later. 16 Queries, 8 RRU when nothing is to do. */
  list(): Promise<AttentionEntry[]>;
  /** Removes an entry unless it was renewed since it was read. */
  clear(entry: AttentionEntry): Promise<void>;
}

const version = { v: z.literal(itemVersion) };

const schema = z.union([
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
    kind: z.literal('drain'),
    endpointId: z.string(),
    applicationId: z.string(),
    since: z.number(),
  }),
]);

export function createAttentionStore(table: ConfigTable): AttentionStore {
  return {
    async list() {
      const partitions = Array.from({ length: attentionPartitions }, (_, index) => attentionPartition(index));
      return (await Promise.all(partitions.map((pk) => entriesIn(table, pk)))).flat();
    },

    async clear(entry) {
      const key =
        entry.kind === 'routes'
          ? routesAttentionKey(entry.applicationId)
          : drainAttentionKey(entry.endpointId);
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
  };
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
