import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { endpointStateKey } from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { retryConflicts } from '#adapters/dynamodb/table/conflicts.ts';
import { updateOf } from '#adapters/dynamodb/table/step.ts';
import { toAttributes } from '#adapters/dynamodb/table/table.ts';
import type { CircuitChange } from '#core/circuit/change.ts';
import { type Circuit, cleanCircuit } from '#core/circuit/circuit.ts';
import { circuitUpdate, epochStands, resetCircuit } from './circuit-item.ts';
import { parseState } from './state-item.ts';

export interface CircuitStore {
  /**
   * Makes one change in one write, if what it asks for still stands.
   *
   * @returns the circuit after it, or the one that stands in its way; undefined when the endpoint is deleted.
   */
  apply(
    endpointId: string,
    change: CircuitChange,
  ): Promise<{ readonly applied: boolean; readonly circuit: Circuit } | undefined>;
  /**
   * Closes the circuit of this epoch and forgets all its failures, those included that were recorded meanwhile: the next
   * epoch begins. One write.
   *
   * @returns the circuit that it closed; undefined when that has been closed by others already, so that what stands is
   *   newer than whoever asked could know, or when the endpoint is deleted.
   */
  reset(endpointId: string, epoch: number): Promise<Circuit | undefined>;
}

/** Writes nothing but the circuit's attributes, and only of endpoints that exist. */
export function createCircuitStore(table: ConfigTable): CircuitStore {
  const key = (endpointId: string) => ({
    TableName: table.tableName,
    Key: toAttributes({ ...endpointStateKey(endpointId) }),
  });

  return {
    apply: (endpointId, change) =>
      retryConflicts(table, `the circuit of endpoint ${endpointId}`, async () => {
        const { update, condition, values } = circuitUpdate(change);
        try {
          const { Attributes } = await table.client.send(
            new UpdateItemCommand({
              ...key(endpointId),
              UpdateExpression: update,
              ConditionExpression: condition,
              ExpressionAttributeValues: toAttributes({ ...values }),
              ReturnValues: 'ALL_NEW',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            }),
          );
          return { applied: true, circuit: circuitIn(Attributes) };
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
          return error.Item && { applied: false, circuit: circuitIn(error.Item) };
        }
      }),

    reset: (endpointId, epoch) =>
      retryConflicts(table, `the circuit of endpoint ${endpointId}`, async () => {
        const update = updateOf({ set: resetCircuit(epoch, table.now()) }, { equal: epochStands(epoch) });
        try {
          const { Attributes } = await table.client.send(
            new UpdateItemCommand({
              ...key(endpointId),
              ...update,
              // Without a revision there is no endpoint: an update must not make an item of its own.
              ConditionExpression: `attribute_exists(revision) AND ${update.ConditionExpression}`,
              ReturnValues: 'ALL_OLD',
            }),
          );
          return circuitIn(Attributes);
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) return undefined;
          throw error;
        }
      }),
  };
}

function circuitIn(attributes: Parameters<typeof unmarshall>[0] | undefined): Circuit {
  return parseState(unmarshall(attributes ?? {})).circuit ?? cleanCircuit;
}
