import { conditionalUpdate } from '#adapters/dynamodb/table/conditional.ts';
import { endpointStateKey } from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { toAttributes } from '#adapters/dynamodb/table/table.ts';
import type { SlowMark } from '#core/slow-endpoint/slow-endpoint.ts';

/** Writes only the mark, and only of endpoints that exist. */
export function createSlowMarkStore(table: ConfigTable) {
  return {
    /** Marks an endpoint as slow in one write. Returns until when it is marked; undefined when it is deleted. */
    async mark(endpointId: string, { until, ifBefore }: SlowMark) {
      const outcome = await conditionalUpdate(table, endpointStateKey(endpointId), {
        UpdateExpression: 'SET suspectUntil = :until',
        ConditionExpression:
          'attribute_exists(revision) AND (attribute_not_exists(suspectUntil) OR suspectUntil <= :ifBefore)',
        ExpressionAttributeValues: toAttributes({ ':until': until, ':ifBefore': ifBefore }),
      });
      if (outcome.applied) return until;
      const standing = outcome.standing?.suspectUntil?.N;
      return standing === undefined ? undefined : Number(standing);
    },
  };
}
