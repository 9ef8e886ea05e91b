import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { deliveryPartition } from '#adapters/dynamodb/table/event-keys.ts';
import type { EventTable } from '#adapters/dynamodb/table/event-table.ts';
import { keyOf } from '#adapters/dynamodb/table/table.ts';
import type { DeliveryKey } from '#core/delivery/delivery.ts';
import { deliveryShards } from '#core/delivery/shards.ts';
import type { ShardPosition } from '#core/page/page.ts';

/**
 * Walks all deliveries of an endpoint, up to 1 MB of them at a time, and returns those that are in the watchdog index:
 * all that are not settled, and the dead. It reads consistently, so that it does not return a delivery that was settled
 * meanwhile.
 *
 * @returns without `next` at the end of the walk
 */
export async function openDeliveries(
  { client, tableName }: Pick<EventTable, 'client' | 'tableName'>,
  endpointId: string,
  { shard, after }: ShardPosition = { shard: 0 },
): Promise<{ readonly items: readonly DeliveryKey[]; readonly next?: ShardPosition }> {
  const pk = deliveryPartition(endpointId, shard);
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      FilterExpression: 'attribute_exists(attentionKey)',
      ProjectionExpression: 'pk, sk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
      ConsistentRead: true,
      ExclusiveStartKey: after === undefined ? undefined : keyOf({ pk, sk: after }),
    }),
  );
  const items = Items.flatMap(({ sk }) => (sk?.S === undefined ? [] : [{ endpointId, eventId: sk.S }]));
  const last = LastEvaluatedKey?.sk?.S;
  if (last !== undefined) return { items, next: { shard, after: last } };
  return shard + 1 < deliveryShards ? { items, next: { shard: shard + 1 } } : { items };
}
