import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { deliveryPartition } from '#adapters/dynamodb/table/event-keys.ts';
import type { EventTable } from '#adapters/dynamodb/table/event-table.ts';
import type { DeliveryKey } from '#core/delivery/delivery.ts';
import { deliveryShards } from '#core/delivery/shards.ts';
import type { ShardPosition } from '#core/page/page.ts';

/** What is still open of what was looked at, and where to go on; without `next` the walk is over. */
export interface OpenPage {
  readonly items: readonly DeliveryKey[];
  readonly next?: ShardPosition;
}

/**
 * Walks all deliveries of an endpoint, up to 1 MB of them at a time, for those that somebody still looks after: all
 * that are not settled, and the dead. Reads consistently: what was settled meanwhile is not found again.
 */
export async function openDeliveries(
  { client, tableName }: Pick<EventTable, 'client' | 'tableName'>,
  endpointId: string,
  { shard, after }: ShardPosition = { shard: 0 },
): Promise<OpenPage> {
  const pk = deliveryPartition(endpointId, shard);
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      FilterExpression: 'attribute_exists(attentionKey)',
      ProjectionExpression: 'pk, sk',
      ExpressionAttributeValues: marshall({ ':pk': pk }),
      ConsistentRead: true,
      ...(after === undefined ? {} : { ExclusiveStartKey: marshall({ pk, sk: after }) }),
    }),
  );
  const items = Items.flatMap(({ sk }) => (sk?.S === undefined ? [] : [{ endpointId, eventId: sk.S }]));
  const last = LastEvaluatedKey?.sk?.S;
  if (last !== undefined) return { items, next: { shard, after: last } };
  return shard + 1 < deliveryShards ? { items, next: { shard: shard + 1 } } : { items };
}
