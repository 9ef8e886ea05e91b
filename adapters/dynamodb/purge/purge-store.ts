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

const walkedSchema = z.optional(z.object({ shard: z.number(), after: z.optional(z.string()) }));

/** Takes a removed application down for good. Everything may be repeated after a crash. */
export function createPurgeStore(table: ConfigTable) {
  return {
    /** False once all is gone, and when somebody has the id again. */
    async isBeingRemoved(applicationId: string) {
      const item = await getItem(table, applicationKey(applicationId), { consistent: true });
      return item !== undefined && parseApplication(item).removing;
    },

    /** Some of the endpoints that are left, at most `limit`. */
    async endpoints(applicationId: string, limit: number) {
      const pk = applicationPartition(applicationId);
      const { items } = await queryPage(table, { pk, prefix: prefixes.endpoint, consistent: true }, limit);
      return items.map((item) => {
        const endpointId = String(item.sk).slice(prefixes.endpoint.length);
        return { endpointId, walked: z.parse(walkedSchema, item.walked) };
      });
    },

    /**
     * Deletes an endpoint's configuration and state. From then on deliver cancels whatever it gets for it, and the
     * scheduler looks after what is stored as held at this very moment.
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

    /** Keeps how far the walk over the endpoint's deliveries has come, while the endpoint is not forgotten. */
    async note(applicationId: string, endpointId: string, walked: ShardPosition) {
      // Another scheduler may have forgotten the endpoint meanwhile: its item must not come back.
      const update = updateOf({ set: { walked: { ...walked } } }, 'exists');
      await conditionalUpdate(table, listedEndpointKey(applicationId, endpointId), update);
    },

    /** Deletes the last trace of an endpoint. */
    forget: (applicationId: string, endpointId: string) =>
      deleteItems(table, [listedEndpointKey(applicationId, endpointId)]),

    /** Deletes tokens, event types and routing; leaves the tombstone that keeps the id from others. */
    sweep: (applicationId: string) => sweepApplication(table, applicationId),
  };
}
