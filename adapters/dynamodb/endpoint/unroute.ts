import { countSteps } from '#adapters/dynamodb/application/quota.ts';
import { routeFor } from '#adapters/dynamodb/routing-log/routing-change.ts';
import { endpointConfigKey, endpointStateKey } from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { commit, type Plan } from '#adapters/dynamodb/table/transaction.ts';
import { defaultBounds } from '#core/application/limits.ts';
import { listed, routedNow, routingOf, useOf } from './endpoint-plans.ts';
import { outlineOf, readEndpoint, type StandingEndpoint } from './endpoint-records.ts';

/**
 * Removes the route of an endpoint that deliver disabled, because deliver may write only the state. It leaves the
 * credentials as they are stored, so that it needs no key. Nothing is written unless the endpoint is disabled.
 */
export const createUnroute = (table: ConfigTable) => (endpointId: string) =>
  commit<void>(table, `endpoint ${endpointId}`, async () => {
    const found = await readEndpoint(table, endpointId, { consistent: true });
    return found === undefined ? done : planUnroute(table, found);
  });

const done = { kind: 'done', result: undefined } as const;

async function planUnroute(table: ConfigTable, standing: StandingEndpoint): Promise<Plan<void>> {
  const { config, state } = standing;
  const { endpoint } = config;
  if (config.routed === undefined || routeFor(outlineOf(standing)) !== undefined) return done;
  const [routing, counts] = await Promise.all([
    routingOf(table, endpoint, undefined),
    countSteps(
      table,
      endpoint.applicationId,
      useOf(undefined, routedNow(standing)),
      // Less of something is always accepted.
      defaultBounds,
    ),
  ]);
  // An application is removed only after its last endpoint, so this one was deleted since it was read.
  if (routing === undefined || counts === undefined) return done;
  return {
    kind: 'write',
    steps: [
      {
        kind: 'update',
        key: endpointConfigKey(endpoint.id),
        set: { routed: undefined, revision: config.revision + 1 },
        condition: { equal: { revision: config.revision } },
      },
      {
        kind: 'update',
        key: endpointStateKey(endpoint.id),
        set: { revision: state.revision + 1 },
        condition: { equal: { revision: state.revision } },
      },
      listed(endpoint, undefined),
      ...routing,
      ...counts.steps,
    ],
    result: undefined,
  };
}
