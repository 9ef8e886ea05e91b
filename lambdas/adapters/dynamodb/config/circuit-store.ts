import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { CircuitChange } from '../../../core/circuit/change.ts';
import { type Circuit, cleanCircuit } from '../../../core/circuit/circuit.ts';
import { circuitUpdate, resetCircuit } from './circuit-item.ts';
import { endpointStateKey } from './keys.ts';
import { parseState } from './state-item.ts';
import { updateOf } from './step.ts';
import { type ConfigTable, toAttributes } from './table.ts';
import { retryConflicts } from './transaction.ts';

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
  /** Closes the circuit and forgets all failures: the next epoch begins. False when the endpoint is deleted. */
  reset(endpointId: string, from: Circuit): Promise<boolean>;
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

    reset: (endpointId, from) =>
      retryConflicts(table, `the circuit of endpoint ${endpointId}`, async () => {
        try {
          const set = resetCircuit(from.epoch, table.now());
          const { ConditionExpression, ...update } = updateOf({ set });
          await table.client.send(
            new UpdateItemCommand({
              ...key(endpointId),
              ...update,
              ConditionExpression: 'attribute_exists(revision)',
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

function circuitIn(attributes: Parameters<typeof unmarshall>[0] | undefined): Circuit {
  return parseState(unmarshall(attributes ?? {})).circuit ?? cleanCircuit;
}
