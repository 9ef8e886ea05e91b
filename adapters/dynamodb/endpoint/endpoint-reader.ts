import { conditionalUpdate } from '#adapters/dynamodb/table/conditional.ts';
import { endpointStateKey } from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { toAttributes } from '#adapters/dynamodb/table/table.ts';
import { type CredentialReader, plainVault } from './credential-vault.ts';
import { outlineOf, readEndpoint, recordOf } from './endpoint-records.ts';

interface Reading {
  /** Eventually consistent (at half the price) by default. */
  readonly consistent?: boolean;
}

/** Endpoints without their credentials, for functions that may not decrypt them. */
export function createOutlineReader(table: ConfigTable) {
  return {
    /** One Query. */
    async load(endpointId: string, { consistent = false }: Reading = {}) {
      const found = await readEndpoint(table, endpointId, { consistent });
      return found && outlineOf(found);
    },

    /**
     * Disables an endpoint that answered that it is gone. False when it is disabled or deleted already.
     *
     * It writes only the state: the endpoint still matches events, which deliver cancels, until the next `update` of the
     * endpoint store removes its route, even an update that changes nothing. Watch the endpoint first, so that the
     * scheduler makes that update.
     *
     * @param now - epoch milliseconds.
     * @param asOf - changes nothing if the status changed later than this, in epoch milliseconds; default `now`.
     */
    async disable(endpointId: string, reason: string, now: number, asOf: number = now) {
      const outcome = await conditionalUpdate(table, endpointStateKey(endpointId), {
        // The revision grows, so that an edit that is being written at the same time starts again.
        UpdateExpression: 'SET #status = :disabled, reason = :reason, since = :now ADD revision :one',
        ConditionExpression: 'attribute_exists(revision) AND #status <> :disabled AND since <= :asOf',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: toAttributes({
          ':disabled': 'disabled',
          ':reason': reason,
          ':now': now,
          ':asOf': asOf,
          ':one': 1,
        }),
      });
      return outcome.applied;
    },
  };
}

/** Endpoints for functions that deliver to them, whatever application they belong to. */
export function createEndpointReader(table: ConfigTable, credentials: CredentialReader = plainVault) {
  return {
    ...createOutlineReader(table),

    /** One Query. @throws CredentialsUnavailable, CredentialsDamaged */
    async load(endpointId: string, { consistent = false }: Reading = {}) {
      const found = await readEndpoint(table, endpointId, { consistent });
      return found && recordOf(found, credentials);
    },
  };
}
