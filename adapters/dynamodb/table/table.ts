import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, type NativeAttributeValue } from '@aws-sdk/util-dynamodb';

/** What every store of a table is made with. */
export interface Table {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** In [0, 1), for jitter; default `Math.random`. */
  readonly random?: () => number;
}

/** An item's primary key. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** An item as DynamoDB stores it. */
export type Item = Record<string, AttributeValue>;

/** The version that every item carries, so that a later release can tell what it reads. */
export const itemVersion = 1;

export const toAttributes = (item: Readonly<Record<string, NativeAttributeValue>>): Item =>
  marshall(item, { removeUndefinedValues: true });

/** The key alone, whatever else the given object has. */
export const keyOf = ({ pk, sk }: Key): Item => ({ pk: { S: pk }, sk: { S: sk } });

/** The key of an item that was read with its key. */
export const keyIn = ({ pk, sk }: Item): Key => ({ pk: pk?.S ?? '', sk: sk?.S ?? '' });

/** Names one item among those of a table. */
export const keyText = ({ pk, sk }: Key): string => `${pk} ${sk}`;

/** DynamoDB deletes expired items up to days late. `ttl` in epoch seconds, `now` in epoch milliseconds. */
export const isExpired = (ttl: number | undefined, now: number): boolean =>
  ttl !== undefined && ttl * 1_000 <= now;

export interface ReadOptions {
  /** @default true */
  readonly consistent?: boolean;
  /** The names of the attributes to return. @default - all */
  readonly attributes?: readonly string[];
}

/** Reads one item, an expired one included. */
export async function readItem(
  { client, tableName }: Pick<Table, 'client' | 'tableName'>,
  key: Key,
  { consistent = true, attributes }: ReadOptions = {},
): Promise<Item | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({
      TableName: tableName,
      Key: keyOf(key),
      ConsistentRead: consistent,
      ...(attributes && projection(attributes)),
    }),
  );
  return Item;
}

/** The expressions that make a read return these attributes only. */
export const projection = (attributes: readonly string[]) => ({
  ProjectionExpression: attributes.map((name) => `#${name}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
});
