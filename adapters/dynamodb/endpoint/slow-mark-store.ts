import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { endpointStateKey } from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { retryConflicts } from '#adapters/dynamodb/table/conflicts.ts';
import { toAttributes } from '#adapters/dynamodb/table/table.ts';
import type { SlowMark } from '#core/slow-endpoint/slow-endpoint.ts';

export interface SlowMarkStore {
  /** Marks an endpoint as suspect in one write. Until when it is marked then; undefined when it is deleted. */
  mark(endpointId: string, mark: SlowMark): Promise<number | undefined>;
}

/** Writes nothing but the suspicion, and only of endpoints that exist. */
export function createSlowMarkStore(table: ConfigTable): SlowMarkStore {
  return {
    mark: (endpointId, { until, ifBefore }) =>
      retryConflicts(table, `the suspicion of endpoint ${endpointId}`, async () => {
        try {
          await table.client.send(
            new UpdateItemCommand({
              TableName: table.tableName,
              Key: toAttributes({ ...endpointStateKey(endpointId) }),
              UpdateExpression: 'SET suspectUntil = :until',
              ConditionExpression:
                'attribute_exists(revision) AND (attribute_not_exists(suspectUntil) OR suspectUntil <= :ifBefore)',
              ExpressionAttributeValues: toAttributes({ ':until': until, ':ifBefore': ifBefore }),
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            }),
          );
          return until;
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
          const standing = Number(error.Item?.suspectUntil?.N);
          return Number.isNaN(standing) ? undefined : standing;
        }
      }),
  };
}
