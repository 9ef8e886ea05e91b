import {
  type AttributeValue,
  ConditionalCheckFailedException,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, type NativeAttributeValue } from '@aws-sdk/util-dynamodb';
import type { EventTable } from './event-table.ts';

type Revised = Readonly<Record<string, NativeAttributeValue>> & { readonly revision: number };

/** A put of an item whose attribute `revision` is one more than the one that stands, or is 1 and none stands. */
export const revisionPut = (tableName: string, item: Revised) => ({
  TableName: tableName,
  Item: marshall(item, { removeUndefinedValues: true }),
  ...(item.revision === 1
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: 'revision = :before',
        ExpressionAttributeValues: marshall({ ':before': item.revision - 1 }),
      }),
});

/**
 * Makes a `revisionPut`.
 *
 * @returns false when another one stands; then nothing was changed
 */
export async function putRevision(
  { client, tableName }: Pick<EventTable, 'client' | 'tableName'>,
  item: Revised,
): Promise<boolean> {
  try {
    await client.send(new PutItemCommand(revisionPut(tableName, item)));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

type Item = Record<string, AttributeValue>;

/**
 * Stores an item whose attribute `r` is one more than the one that stands, or is 1 and none stands. An expired item
 * that is not yet deleted is as good as none.
 *
 * @returns what stands instead, with all its attributes, when another one does; then nothing was changed
 */
export async function putNextRevision(
  { client, tableName, now }: Pick<EventTable, 'client' | 'tableName' | 'now'>,
  item: Item,
  revision: number,
): Promise<'stored' | { readonly standing: Item | undefined }> {
  const condition =
    revision === 1
      ? {
          ConditionExpression: 'attribute_not_exists(pk) OR #ttl <= :now',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: marshall({ ':now': Math.floor(now() / 1_000) }),
        }
      : {
          ConditionExpression: 'r = :before',
          ExpressionAttributeValues: marshall({ ':before': revision - 1 }),
        };
  try {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: item,
        ...condition,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return 'stored';
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { standing: error.Item };
  }
}
