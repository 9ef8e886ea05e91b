import { ConditionalCheckFailedException, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { KeyRecord } from '../../../core/idempotency/record.ts';
import type { Item } from './event-item.ts';
import { type EventTable, isExpired } from './event-table.ts';
import { decodeKey, encodeKey } from './idempotency-item.ts';
import { type IdempotencyKey, idempotencyKey } from './keys.ts';

export interface IdempotencyStore {
  /** Reads consistently. Undefined for a key that was not used in the last 24 hours. */
  get(key: IdempotencyKey): Promise<KeyRecord | undefined>;
  /**
   * Stores a record if the revision before it is the one that stands (none before revision 1). Otherwise nothing
   * changes, and what stands is returned.
   */
  store(
    key: IdempotencyKey,
    next: KeyRecord,
  ): Promise<'stored' | { readonly standing: KeyRecord | undefined }>;
}

export function createIdempotencyStore({ client, tableName, now }: EventTable): IdempotencyStore {
  const live = (item: Item): KeyRecord | undefined => {
    const { content, ttl } = decodeKey(item);
    return isExpired(ttl, now()) ? undefined : content;
  };

  return {
    async get(key) {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName: tableName,
          Key: marshall({ ...idempotencyKey(key) }),
          ConsistentRead: true,
        }),
      );
      return Item && live(Item);
    },

    async store(key, next) {
      const condition =
        next.revision === 1
          ? // An expired item that is not yet deleted is as good as none.
            {
              ConditionExpression: 'attribute_not_exists(pk) OR #ttl <= :now',
              ExpressionAttributeNames: { '#ttl': 'ttl' },
              ExpressionAttributeValues: marshall({ ':now': Math.floor(now() / 1_000) }),
            }
          : {
              ConditionExpression: 'r = :before',
              ExpressionAttributeValues: marshall({ ':before': next.revision - 1 }),
            };
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: encodeKey(key, next, now()),
            ...condition,
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return 'stored';
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return { standing: error.Item && live(error.Item) };
      }
    },
  };
}
