import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { conditionalUpdate, newMark, unlessOwn } from '#adapters/dynamodb/table/conditional.ts';
import { endpointStateKey } from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { updateOf } from '#adapters/dynamodb/table/step.ts';
import type { Item } from '#adapters/dynamodb/table/table.ts';
import { type Circuit, cleanCircuit } from '#core/circuit/circuit.ts';
import type { Stored } from '#core/concurrency/transition.ts';
import { circuitMark, circuitPut, circuitReset } from './circuit-item.ts';
import { parseState } from './state-item.ts';

/** Writes only the circuit's attributes, and only of endpoints that exist. */
export function createCircuitStore(table: ConfigTable) {
  const write = (
    endpointId: string,
    { assignments, equal }: ReturnType<typeof circuitPut | typeof circuitReset>,
    options: Pick<UpdateItemCommandInput, 'ReturnValues'> = {},
  ) => {
    const update = updateOf(assignments, { equal });
    return conditionalUpdate(table, endpointStateKey(endpointId), {
      ...update,
      ...options,
      // Without a revision there is no endpoint: an update must not create an item.
      ConditionExpression: `attribute_exists(revision) AND ${update.ConditionExpression}`,
    });
  };

  return {
    /** Stores a circuit in one write, if the revision before it still stands. Nothing stands for a deleted endpoint. */
    async store(endpointId: string, next: Circuit): Promise<Stored<Circuit>> {
      const mark = newMark();
      const written = unlessOwn(await write(endpointId, circuitPut(next, mark)), circuitMark, mark);
      return written.applied ? 'stored' : { standing: written.standing && circuitIn(written.standing) };
    },

    /**
     * Closes the circuit of this epoch and forgets all its failures, also those recorded since it was read: the next epoch
     * begins. One write.
     *
     * @returns the circuit that it closed; undefined when that epoch is over, or the endpoint is deleted
     */
    async reset(endpointId: string, epoch: number): Promise<Circuit | undefined> {
      const reset = circuitReset(epoch, table.now());
      const written = await write(endpointId, reset, { ReturnValues: 'ALL_OLD' });
      return written.applied && written.attributes ? circuitIn(written.attributes) : undefined;
    },
  };
}

const circuitIn = (item: Item): Circuit => parseState(unmarshall(item)).circuit ?? cleanCircuit;
