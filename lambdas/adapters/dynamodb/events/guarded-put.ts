import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, type NativeAttributeValue } from '@aws-sdk/util-dynamodb';
import type { EventTable } from './event-table.ts';

/**
 * Stores an item whose attribute `revision` is one more than the one that stands, or is 1 and none stands.
 *
 * @returns false when another one stands; then nothing was changed
 */
export async function putRevision(
  { client, tableName }: Pick<EventTable, 'client' | 'tableName'>,
  item: Readonly<Record<string, NativeAttributeValue>> & { readonly revision: number },
): Promise<boolean> {
  const condition =
    item.revision === 1
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: 'revision = :before',
          ExpressionAttributeValues: marshall({ ':before': item.revision - 1 }),
        };
  try {
    const Item = marshall(item, { removeUndefinedValues: true });
    await client.send(new PutItemCommand({ TableName: tableName, Item, ...condition }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
