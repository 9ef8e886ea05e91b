import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Key } from './event-keys.ts';
import type { EventTable, Item } from './event-table.ts';

// BatchGetItem takes at most so many keys, each of them once.
const keysPerCall = 100;
// Pauses double from 50 ms to 1.6 s: three seconds in all, well within any caller's own deadline.
const tries = 7;
const shortestPause = 50;

interface ReadOptions {
  /** @default true */
  readonly consistent?: boolean;
  /** A projection expression. @default - all attributes */
  readonly attributes?: string;
}

/**
 * Reads items by their keys in no particular order; keys without an item are left out.
 *
 * @throws Error when DynamoDB, asked again and again, still did not process some of them
 */
export async function batchGet(
  table: EventTable,
  keys: readonly Key[],
  options: ReadOptions = {},
): Promise<Item[]> {
  const distinct = [...new Map(keys.map((key) => [`${key.pk} ${key.sk}`, key])).values()];
  const calls = Array.from({ length: Math.ceil(distinct.length / keysPerCall) }, (_, call) =>
    distinct.slice(call * keysPerCall, (call + 1) * keysPerCall).map((key) => marshall({ ...key })),
  );
  const found = await Promise.all(calls.map((wanted) => getAll(table, wanted, options)));
  return found.flat();
}

async function getAll(
  { client, tableName, random = Math.random }: EventTable,
  keys: Item[],
  { consistent = true, attributes }: ReadOptions,
): Promise<Item[]> {
  const found: Item[] = [];
  let wanted = keys;
  for (let attempt = 0; wanted.length > 0; attempt += 1) {
    if (attempt === tries) {
      throw new Error(
        `${wanted.length} of ${keys.length} items of ${tableName} were not read in ${tries} tries`,
      );
    }
    // Full jitter, so that those who were throttled together do not come back together.
    if (attempt > 0) await sleep(random() * shortestPause * 2 ** attempt);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({
        RequestItems: {
          [tableName]: { Keys: wanted, ConsistentRead: consistent, ProjectionExpression: attributes },
        },
      }),
    );
    found.push(...(Responses?.[tableName] ?? []));
    wanted = UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return found;
}
