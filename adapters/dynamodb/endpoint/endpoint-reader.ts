import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { endpointStateKey } from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { retryConflicts } from '#adapters/dynamodb/table/conflicts.ts';
import { toAttributes } from '#adapters/dynamodb/table/table.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { readEndpoint, recordOf } from './endpoint-records.ts';

/** An endpoint as those see it who deliver to it, whatever application it belongs to. */
export interface EndpointReader {
  /** One Query. Eventually consistent (at half the price) unless asked otherwise. */
  load(endpointId: string, options?: { readonly consistent?: boolean }): Promise<EndpointRecord | undefined>;
  /**
   * Disables an endpoint that said it is gone. False when it is disabled or deleted already.
   *
   * Touches the state alone: events are matched to it, and cancelled by deliver, until its route is taken away
   * by the next `update` of the endpoint store, even one that changes nothing. Watch it first: then the scheduler
   * makes that update.
   *
   * @param now - epoch milliseconds.
   * @param asOf - changes nothing if somebody changed the status later than this, in epoch milliseconds; default `now`.
   */
  disable(endpointId: string, reason: string, now: number, asOf?: number): Promise<boolean>;
}

export function createEndpointReader(table: ConfigTable): EndpointReader {
  return {
    async load(endpointId, { consistent = false } = {}) {
      const found = await readEndpoint(table, endpointId, { consistent });
      return found && recordOf(found);
    },

    disable: (endpointId, reason, now, asOf = now) =>
      retryConflicts(table, `endpoint ${endpointId}`, async () => {
        try {
          await table.client.send(
            new UpdateItemCommand({
              TableName: table.tableName,
              Key: toAttributes({ ...endpointStateKey(endpointId) }),
              // The revision moves on, so that an edit that is being written right now starts over.
              UpdateExpression:
                'SET #status = :disabled, #reason = :reason, #since = :now ADD #revision :one',
              ConditionExpression: 'attribute_exists(#revision) AND #status <> :disabled AND #since <= :asOf',
              ExpressionAttributeNames: {
                '#status': 'status',
                '#reason': 'reason',
                '#since': 'since',
                '#revision': 'revision',
              },
              ExpressionAttributeValues: toAttributes({
                ':disabled': 'disabled',
                ':reason': reason,
                ':now': now,
                ':asOf': asOf,
                ':one': 1,
              }),
            }),
          );
          return true;
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) return false;
          throw error;
        }
      }),
  };
}
