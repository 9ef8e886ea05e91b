import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Page, PageRequest } from '#core/page/page.ts';
import { batchGet } from './batch.ts';
import { type Item, isExpired, type Key, readItem, type Table, toAttributes } from './table.ts';

/** What every store of the ConfigTable is made with. */
export interface ConfigTable extends Table {
  /** In [0, 1); spreads retries and picks copies, nothing secret. */
  readonly random: () => number;
}

/** An item as it was read: each reader parses it first. */
export type RawItem = Readonly<Record<string, unknown>>;

/** Reads one item, consistently by default. */
export async function getItem(
  table: ConfigTable,
  key: Key,
  options?: { readonly consistent: boolean },
): Promise<RawItem | undefined> {
  const item = await readItem(table, key, options);
  return item && unexpired(item, table.now());
}

export interface Selection {
  readonly pk: string;
  /** Sort keys that begin with this. */
  readonly prefix: string;
  /** Only items after this sort key. */
  readonly after?: string | undefined;
  /** @default true */
  readonly consistent?: boolean;
}

/** One page in the order of the sort keys. `last` is the sort key to continue after, absent at the end. */
export async function queryPage(
  table: ConfigTable,
  selection: Selection,
  limit?: number,
): Promise<{ readonly items: RawItem[]; readonly last?: string | undefined }> {
  const { pk, prefix, after, consistent = true } = selection;
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
  return { items: unexpiredOf(Items, table.now()), last: LastEvaluatedKey?.sk?.S };
}

/**
 * One page of a list. A position is the sort key of the last item without the prefix.
 *
 * @throws RangeError when `after` cannot be a position
 */
export async function listPage(
  table: ConfigTable,
  pk: string,
  prefix: string,
  { after, limit }: PageRequest,
): Promise<Page<RawItem>> {
  if (after !== undefined && !/^[\w.-]{1,128}$/.test(after))
    throw new RangeError(`not a position: ${JSON.stringify(after.slice(0, 80))}`);
  const selection = { pk, prefix, after: after && prefix + after };
  const { items, last } = await queryPage(table, selection, limit);
  return { items, next: last?.slice(prefix.length) };
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

/** Reads many items consistently, in no particular order; keys without an item are left out. */
export async function getItems(table: ConfigTable, keys: readonly Key[]): Promise<RawItem[]> {
  return unexpiredOf(await batchGet(table, keys), table.now());
}

const unexpiredOf = (items: readonly Item[], now: number): RawItem[] =>
  items.map((item) => unexpired(item, now)).filter((item) => item !== undefined);

function unexpired(item: Item, now: number): RawItem | undefined {
  const raw: RawItem = unmarshall(item);
  return typeof raw.ttl === 'number' && isExpired(raw.ttl, now) ? undefined : raw;
}
