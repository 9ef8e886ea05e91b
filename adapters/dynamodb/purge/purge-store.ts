import * as z from 'zod/mini';
import { parseApplication } from '#adapters/dynamodb/application/application-item.ts';
import { sweepApplication } from '#adapters/dynamodb/application/application-lifecycle.ts';
import { watchStep } from '#adapters/dynamodb/endpoint/endpoint-plans.ts';
import { deleteItems } from '#adapters/dynamodb/table/batch.ts';
import { conditionalUpdate } from '#adapters/dynamodb/table/conditional.ts';
import {
  applicationKey,
  applicationPartition,
  endpointConfigKey,
  endpointStateKey,
  listedEndpointKey,
  prefixes,
} from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem, queryPage } from '#adapters/dynamodb/table/config-table.ts';
import { updateOf } from '#adapters/dynamodb/table/step.ts';
import { commit } from '#adapters/dynamodb/table/transaction.ts';
import type { ShardPosition } from '#core/page/page.ts';

const positionSchema = z.optional(z.object({ shard: z.number(), after: z.optional(z.string()) }));

/** Deletes what a removed application had. Everything may be repeated after a crash. */
export function createPurgeStore(table: ConfigTable) {
  return {
    /** False once all is deleted, and when a new application has the id. */
    async isBeingRemoved(applicationId: string) {
      const item = await getItem(table, applicationKey(applicationId));
      return item !== undefined && parseApplication(item).removing;
    },

    /** Endpoints that are left, at most `limit`. */
    async endpoints(applicationId: string, limit: number) {
      const pk = applicationPartition(applicationId);
      const { items } = await queryPage(table, { pk, prefix: prefixes.endpoint }, limit);
      return items.map((item) => {
        const endpointId = String(item.sk).slice(prefixes.endpoint.length);
        return { endpointId, position: z.parse(positionSchema, item.walked) };
      });
    },

    /**
     * Deletes an endpoint's configuration and state. From then on deliver cancels its deliveries, and the scheduler
     * releases those that are stored as held at the same moment.
     */
    takeDown: (applicationId: string, endpointId: string) =>
      commit(table, `endpoint ${endpointId}`, async () => ({
        kind: 'write',
        steps: [
          { kind: 'delete', key: endpointConfigKey(endpointId) },
          { kind: 'delete', key: endpointStateKey(endpointId) },
          watchStep(table, { id: endpointId, applicationId }),
        ],
        result: undefined,
      })),

    /** Notes where the scan of the endpoint's deliveries stopped, while the endpoint is listed. */
    async note(applicationId: string, endpointId: string, position: ShardPosition) {
      // Another run may have deleted the item meanwhile, and it must not come back.
      const update = updateOf({ set: { walked: { ...position } } }, 'exists');
      await conditionalUpdate(table, listedEndpointKey(applicationId, endpointId), update);
    },

    /** Deletes the item that lists an endpoint. */
    forget: (applicationId: string, endpointId: string) =>
      deleteItems(table, [listedEndpointKey(applicationId, endpointId)]),

    /** Deletes tokens, event types and routes. A tombstone stays, so that no other application gets the id. */
    deleteRest: (applicationId: string) => sweepApplication(table, applicationId),
  };
}
