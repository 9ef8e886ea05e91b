import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetItemCommand, BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { type Item, type Key, keyOf, keyText, projection, type ReadOptions, type Table } from './table.ts';

// DynamoDB's limits of one call.
const readsPerCall = 100;
const deletesPerCall = 25;
// Pauses double from 50 ms to 1.6 s, which is three seconds in all: shorter than the deadline of any caller.
const tries = 7;
const shortestPause = 50;

/**
 * Reads items by their keys in no particular order; keys without an item are left out.
 *
 * @throws Error when DynamoDB did not process some of them in seven tries
 */
export async function batchGet(
  table: Table,
  keys: readonly Key[],
  { consistent = true, attributes }: ReadOptions = {},
): Promise<Item[]> {
  const { client, tableName } = table;
  const found: Item[] = [];
  // One call must not name a key twice.
  const distinct = [...new Map(keys.map((key) => [keyText(key), key])).values()];
  await inBatches(table, distinct, readsPerCall, async (batch) => {
    const wanted = { Keys: batch, ConsistentRead: consistent, ...(attributes && projection(attributes)) };
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [tableName]: wanted } }),
    );
    found.push(...(Responses?.[tableName] ?? []));
    return UnprocessedKeys?.[tableName]?.Keys ?? [];
  });
  return found;
}

/** @throws Error when DynamoDB did not process some of them in seven tries */
export function deleteItems(table: Table, keys: readonly Key[]): Promise<void> {
  const { client, tableName } = table;
  return inBatches(table, keys, deletesPerCall, async (batch) => {
    const requests = batch.map((Key) => ({ DeleteRequest: { Key } }));
    const { UnprocessedItems } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }),
    );
    return (UnprocessedItems?.[tableName] ?? [])
      .map(({ DeleteRequest }) => DeleteRequest?.Key)
      .filter((key) => key !== undefined);
  });
}

// DynamoDB returns what it had no capacity for, and the SDK does not send that again by itself.
async function inBatches(
  { tableName, random = Math.random }: Table,
  keys: readonly Key[],
  size: number,
  send: (batch: Item[]) => Promise<Item[]>,
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(keys.length / size) }, (_, index) =>
    keys.slice(index * size, (index + 1) * size).map(keyOf),
  );
  await Promise.all(
    batches.map(async (batch) => {
      let left = batch;
      for (let attempt = 0; left.length > 0; attempt += 1) {
        if (attempt === tries) {
          throw new Error(
            `DynamoDB left ${left.length} of ${batch.length} items of ${tableName} undone in ${tries} tries`,
          );
        }
        // Full jitter, so that callers that were throttled together do not return together.
        if (attempt > 0) await sleep(random() * shortestPause * 2 ** attempt);
        left = await send(left);
      }
    }),
  );
}
