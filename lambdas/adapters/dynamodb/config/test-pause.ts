import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { testPause } from '../../../core/delivery/endpoint-test.ts';
import { endpointStateKey } from './keys.ts';
import { type ConfigTable, toAttributes } from './table.ts';
import { retryConflicts } from './transaction.ts';

/**
 * Notes that an endpoint is tested now. False when it was a moment ago, or is gone.
 *
 * @param now - epoch milliseconds.
 */
export type BeginTest = (endpointId: string, now: number) => Promise<boolean>;

/** In the endpoint's state, in an attribute of its own: whoever changes the rest does not meet it. */
export function createBeginTest(table: ConfigTable): BeginTest {
  return (endpointId, now) =>
    retryConflicts(table, `endpoint ${endpointId}`, async () => {
      try {
        await table.client.send(
          new UpdateItemCommand({
            TableName: table.tableName,
            Key: toAttributes({ ...endpointStateKey(endpointId) }),
            UpdateExpression: 'SET #testedAt = :now',
            ConditionExpression:
              'attribute_exists(pk) AND (attribute_not_exists(#testedAt) OR #testedAt <= :before)',
            ExpressionAttributeNames: { '#testedAt': 'testedAt' },
            ExpressionAttributeValues: toAttributes({ ':now': now, ':before': now - testPause }),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });
}
