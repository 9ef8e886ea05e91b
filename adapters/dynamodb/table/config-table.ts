import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb';

/** What every store of the ConfigTable is made with. */
export interface ConfigTable {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** In [0, 1); spreads retries and picks copies, nothing secret. */
  readonly random: () => number;
}

/** One page of a list; `next`, given back as `after`, continues it. */
export interface Page<T> {
  readonly items: T[];
  readonly next?: string;
}

export interface PageRequest {
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** An item as it was read: whoever uses it parses it first. */
export type RawItem = Readonly<Record<string, unknown>>;

export const toAttributes = (item: Readonly<Record<string, NativeAttributeValue>>) =>
  marshall(item, { removeUndefinedValues: true });

export async function getItem(
  { client, tableName, now }: ConfigTable,
  key: Key,
  { consistent }: { readonly consistent: boolean },
): Promise<RawItem | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: toAttributes({ ...key }), ConsistentRead: consistent }),
  );
  return Item === undefined ? undefined : unexpired(unmarshall(Item), now());
}

export interface Selection {
  readonly pk: string;
  /** Sort keys that begin with this. */
  readonly prefix: string;
  /** Only what comes after this sort key. */
  readonly after?: string | undefined;
  readonly consistent: boolean;
}

/** One page in the order of the sort keys. `last` is the sort key to continue after, absent at the end. */
export async function queryPage(
  table: ConfigTable,
  selection: Selection,
  limit?: number,
): Promise<{ readonly items: RawItem[]; readonly last?: string }> {
  const { pk, prefix, after, consistent } = selection;
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.tableName,
      KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: toAttributes({ ':pk': pk, ...(prefix !== '' && { ':prefix': prefix }) }),
      ExclusiveStartKey: after === undefined ? undefined : toAttributes({ pk, sk: after }),
      ConsistentRead: consistent,
      Limit: limit,
    }),
  );
  const now = table.now();
  const items = Items.map((item) => unexpired(unmarshall(item), now)).filter((item) => item !== undefined);
  const last = LastEvaluatedKey?.sk?.S;
  return last === undefined ? { items } : { items, last };
}

/** Everything selected, page after page. */
export async function* queryAll(table: ConfigTable, selection: Selection): AsyncGenerator<RawItem[]> {
  let after = selection.after;
  do {
    const { items, last } = await queryPage(table, { ...selection, after });
    yield items;
    after = last;
  } while (after !== undefined);
}

const readsPerBatch = 100;
const deletesPerBatch = 25;

/** Consistent reads of many items, in no particular order; what does not exist is left out. */
export async function getItems(table: ConfigTable, keys: readonly Key[]): Promise<RawItem[]> {
  const { client, tableName } = table;
  const found: RawItem[] = [];
  await inBatches(table, keys, readsPerBatch, async (batch) => {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: batch, ConsistentRead: true } } }),
    );
    found.push(...(Responses?.[tableName] ?? []).map((item) => unmarshall(item)));
    return UnprocessedKeys?.[tableName]?.Keys ?? [];
  });
  const now = table.now();
  return found.map((item) => unexpired(item, now)).filter((item) => item !== undefined);
}

export async function deleteItems(table: ConfigTable, keys: readonly Key[]): Promise<void> {
  const { client, tableName } = table;
  await inBatches(table, keys, deletesPerBatch, async (batch) => {
    const { UnprocessedItems } = await client.send(
      new BatchWriteItemCommand({
        RequestItems: { [tableName]: batch.map((Key) => ({ DeleteRequest: { Key } })) },
      }),
    );
    const left = (UnprocessedItems?.[tableName] ?? []).map((request) => request.DeleteRequest?.Key);
    return left.filter((key) => key !== undefined);
  });
}

type AttributeKey = ReturnType<typeof toAttributes>;

const batchTries = 10;

// DynamoDB hands back what it had no capacity for; the SDK does not ask again by itself.
async function inBatches(
  { random }: ConfigTable,
  keys: readonly Key[],
  size: number,
  send: (batch: AttributeKey[]) => Promise<AttributeKey[]>,
): Promise<void> {
  for (let start = 0; start < keys.length; start += size) {
    let left = keys.slice(start, start + size).map(({ pk, sk }) => toAttributes({ pk, sk }));
    for (let attempt = 0; left.length > 0; attempt += 1) {
      if (attempt === batchTries) {
        throw new Error(
          `DynamoDB left ${left.length} of a batch undone ${batchTries} times; try again later`,
        );
      }
      if (attempt > 0) await sleep(random() * Math.min(1_000, 25 * 2 ** attempt));
      left = await send(left);
    }
  }
}

// DynamoDB deletes expired items up to days late.
function unexpired(item: RawItem, now: number): RawItem | undefined {
  return typeof item.ttl === 'number' && item.ttl * 1_000 <= now ? undefined : item;
}
