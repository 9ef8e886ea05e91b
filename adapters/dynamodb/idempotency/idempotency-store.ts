import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type IdempotencyKey, idempotencyKey } from '#adapters/dynamodb/table/event-keys.ts';
import type { Item } from '#adapters/dynamodb/table/event-table.ts';
import { type EventTable, isExpired } from '#adapters/dynamodb/table/event-table.ts';
import { putNextRevision } from '#adapters/dynamodb/table/guarded-put.ts';
import type { KeyRecord } from '#core/idempotency/stored-answer.ts';
import { decodeKey, encodeKey } from './idempotency-item.ts';

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

export function createIdempotencyStore(table: EventTable): IdempotencyStore {
  const { client, tableName, now } = table;
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
      const outcome = await putNextRevision(table, encodeKey(key, next, now()), next.revision);
      return outcome === 'stored' ? outcome : { standing: outcome.standing && live(outcome.standing) };
    },
  };
}
