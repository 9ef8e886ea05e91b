import * as z from 'zod/mini';
import { applicationPartition, changeKey, prefixes } from '#adapters/dynamodb/table/config-keys.ts';
import {
  type ConfigTable,
  queryAll,
  queryPage,
  type RawItem,
  type Selection,
} from '#adapters/dynamodb/table/config-table.ts';
import { itemVersion } from '#adapters/dynamodb/table/table.ts';
import type { RouteChange } from '#core/routing/route.ts';
import { decodeChange } from '#core/routing/route-codec.ts';

const schema = z.object({ v: z.literal(itemVersion), change: z.string() });

/** The changes after a version, ascending, read consistently; at most `limit` of them. */
export async function changesAfter(
  table: ConfigTable,
  applicationId: string,
  version: number,
  limit?: number,
): Promise<RouteChange[]> {
  const selection: Selection = {
    pk: applicationPartition(applicationId),
    prefix: prefixes.change,
    after: changeKey(applicationId, version).sk,
  };
  if (limit !== undefined) return (await queryPage(table, selection, limit)).items.map(parseChange);
  const changes: RouteChange[] = [];
  for await (const items of queryAll(table, selection)) changes.push(...items.map(parseChange));
  return changes;
}

function parseChange(item: RawItem): RouteChange {
  const encoded: unknown = JSON.parse(z.parse(schema, item).change);
  return decodeChange(encoded);
}
