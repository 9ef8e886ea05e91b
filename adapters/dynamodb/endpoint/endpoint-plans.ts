import { isDeepStrictEqual } from 'node:util';
import { countSteps } from '#adapters/dynamodb/application/quota.ts';
import {
  readVersion,
  routeFor,
  routeHash,
  routeText,
  routingSteps,
} from '#adapters/dynamodb/routing-log/routing-change.ts';
import {
  endpointAttentionKey,
  endpointConfigKey,
  endpointStateKey,
  listedEndpointKey,
} from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import type { Step } from '#adapters/dynamodb/table/step.ts';
import { itemVersion } from '#adapters/dynamodb/table/table.ts';
import type { Plan } from '#adapters/dynamodb/table/transaction.ts';
import type { Bounds } from '#core/application/limits.ts';
import { cleanCircuit } from '#core/circuit/circuit.ts';
import type { Endpoint, EndpointOutline, EndpointRecord } from '#core/endpoint/endpoint.ts';
import { liveSecrets } from '#core/endpoint/live-secrets.ts';
import { mostSteps } from '#core/filter/cost.ts';
import { AlreadyExists, NotFound } from '#core/problem/store-errors.ts';
import { type Route, routeOf } from '#core/routing/route.ts';
import { routeHeap } from '#core/routing/route-heap.ts';
import { circuitReset } from './circuit-item.ts';
import type { CredentialVault } from './credential-vault.ts';
import { configAttributes } from './endpoint-item.ts';
import { recordOf, type StandingEndpoint } from './endpoint-records.ts';
import { checkFilterLoad } from './filter-load.ts';
import { stateAttributes } from './state-item.ts';

export async function planCreation(
  table: ConfigTable,
  endpoint: Endpoint,
  vault: CredentialVault,
  bounds: Bounds,
): Promise<Plan<void>> {
  const record: EndpointRecord = { endpoint, state: { status: 'active', since: endpoint.createdAt } };
  const route = routeFor(record);
  const use = { endpoints: 1, ...useOf(route, undefined) };
  // At the same time: the longer it takes from the read to the write, the more often another writer comes between.
  const [credentials, routing, counts] = await Promise.all([
    vault.close(endpoint),
    routingOf(table, endpoint, route),
    countSteps(table, endpoint.applicationId, use, bounds),
  ]);
  if (routing === undefined || counts === undefined) {
    throw new NotFound(`there is no application ${JSON.stringify(endpoint.applicationId)}`);
  }
  const config: Step = {
    kind: 'put',
    key: endpointConfigKey(endpoint.id),
    attributes: configAttributes({ endpoint, credentials, revision: 1, routed: routeHash(route) }),
    condition: 'missing',
    refusal: () => new AlreadyExists(`endpoint ${endpoint.id} already exists`),
  };
  const state: Step = {
    kind: 'put',
    key: endpointStateKey(endpoint.id),
    attributes: stateAttributes({ state: record.state, revision: 1 }),
  };
  await checkFilterLoad(table, endpoint.applicationId, route, counts.filterSteps);
  const steps = [config, state, listed(endpoint, route), ...routing, ...counts.steps];
  return { kind: 'write', steps, result: undefined };
}

export async function planUpdate(
  table: ConfigTable,
  standing: StandingEndpoint,
  vault: CredentialVault,
  change: (record: EndpointRecord) => EndpointRecord,
  bounds: Bounds,
): Promise<Plan<EndpointRecord | undefined>> {
  const before = await recordOf(standing, vault);
  const { id, applicationId } = before.endpoint;
  const changed = change(before);
  const { circuit = cleanCircuit, ...others } = changed;
  const unbroken = circuit.state === 'open' && !changed.endpoint.circuitBreaker.enabled;
  const resumed = changed.state.status === 'active' && before.state.status !== 'active';
  const restarted = resumed || unbroken;
  const after: EndpointRecord = {
    ...(restarted ? others : changed),
    endpoint: { ...changed.endpoint, id, applicationId },
  };
  const route = routeFor(after);
  const routed = routeHash(route);
  const routes = routed !== standing.config.routed;
  if (!routes && isDeepStrictEqual(before, after)) return { kind: 'done', result: after };

  const use = routes ? useOf(route, routedNow(standing)) : {};
  const endpoint = withoutEnded(after.endpoint, table.now());
  const [credentials, routing, counts] = await Promise.all([
    vault.close(endpoint),
    routes ? routingOf(table, after.endpoint, route) : [],
    countSteps(table, applicationId, use, bounds),
  ]);
  // An application is removed only after its last endpoint, so this one was deleted since it was read.
  if (routing === undefined || counts === undefined) return { kind: 'done', result: undefined };
  if (routes) await checkFilterLoad(table, applicationId, route, counts.filterSteps);
  const { config, state } = standing;
  // The caller expects the endpoint to work again, so the failures before that no longer count.
  const reset = restarted ? circuitReset(circuit.epoch, table.now()) : undefined;
  const steps: Step[] = [
    {
      kind: 'put',
      key: endpointConfigKey(id),
      attributes: configAttributes({ endpoint, credentials, revision: config.revision + 1, routed }),
      condition: { equal: { revision: config.revision } },
    },
    {
      kind: 'update',
      key: endpointStateKey(id),
      ...reset?.assignments,
      set: {
        ...stateAttributes({ state: after.state, revision: state.revision + 1 }),
        ...reset?.assignments.set,
      },
      // Outcomes do not change the revision. Without the epoch, a circuit that closed meanwhile would be reset again.
      condition: { equal: { revision: state.revision, ...reset?.equal } },
    },
    ...(routes ? [listed(after.endpoint, route)] : []),
    ...routing,
    ...counts.steps,
    ...(unbroken || after.state.status !== before.state.status ? [watchStep(table, after.endpoint)] : []),
  ];
  return { kind: 'write', steps, result: after };
}

export async function planRemoval(
  table: ConfigTable,
  standing: StandingEndpoint,
  bounds: Bounds,
): Promise<Plan<boolean>> {
  const { endpoint, revision, routed } = standing.config;
  const use = { endpoints: -1, ...useOf(undefined, routedNow(standing)) };
  const [routing, counts] = await Promise.all([
    routed === undefined ? [] : routingOf(table, endpoint, undefined),
    countSteps(table, endpoint.applicationId, use, bounds),
  ]);
  // An application is removed only after its last endpoint, so another request removed this one since it was read.
  if (routing === undefined) return { kind: 'done', result: false };
  const steps: Step[] = [
    {
      kind: 'delete',
      key: endpointConfigKey(endpoint.id),
      condition: { equal: { revision } },
    },
    { kind: 'delete', key: endpointStateKey(endpoint.id) },
    { kind: 'delete', key: listedEndpointKey(endpoint.applicationId, endpoint.id) },
    ...routing,
    ...(counts?.steps ?? []),
    // Its held deliveries must end too.
    watchStep(table, endpoint),
  ];
  return { kind: 'write', steps, result: true };
}

/** The route in the newest change of the log. An endpoint that deliver disabled still has one. */
export const routedNow = ({ config: { endpoint, routed } }: StandingEndpoint): Route | undefined =>
  routed === undefined ? undefined : routeOf(endpoint);

/** What the application has more when one route replaces the other. */
export const useOf = (route: Route | undefined, before: Route | undefined) => ({
  routeBytes: bytesOf(route) - bytesOf(before),
  filterSteps: filterSteps(route) - filterSteps(before),
});

const bytesOf = (route: Route | undefined): number => (route === undefined ? 0 : routeHeap(route));
const filterSteps = (route: Route | undefined): number =>
  route?.cost === undefined ? 0 : mostSteps(route.cost);

/** Secrets that have ended do not sign any more. The next write of the item removes them. */
function withoutEnded(endpoint: Endpoint, now: number): Endpoint {
  const live = liveSecrets(endpoint.secrets, now);
  // The last one stays even when it has ended, because an endpoint without a secret could not sign.
  return live.length === 0 || live.length === endpoint.secrets.length
    ? endpoint
    : { ...endpoint, secrets: live };
}

/** The list's item of an endpoint. It has the route, from which the routing is rebuilt; none while it is disabled. */
export const listed = ({ applicationId, id }: EndpointOutline, route: Route | undefined): Step => ({
  kind: 'put',
  key: listedEndpointKey(applicationId, id),
  attributes: { route: route && routeText(route) },
});

/** The steps of a routing change; undefined when the application is gone. */
export async function routingOf(
  table: ConfigTable,
  { applicationId, id }: EndpointOutline,
  route: Route | undefined,
): Promise<Step[] | undefined> {
  const standing = await readVersion(table, applicationId);
  if (standing === undefined) return undefined;
  const change =
    route === undefined
      ? ({ kind: 'endpointRemoved', endpointId: id } as const)
      : ({ kind: 'endpoint', route } as const);
  return routingSteps(applicationId, standing.version, change, table.now());
}

/**
 * Makes the scheduler look at the endpoint. A pause or an open circuit holds deliveries. They must be released when the
 * endpoint is active again, and end when it is disabled or deleted.
 */
export const watchStep = (
  table: ConfigTable,
  { id, applicationId }: Pick<Endpoint, 'id' | 'applicationId'>,
): Step => ({
  kind: 'update',
  key: endpointAttentionKey(id),
  // Another drain begins. The last announcement stays, so that a closing is announced after an opening.
  set: {
    v: itemVersion,
    kind: 'endpoint',
    endpointId: id,
    applicationId,
    since: table.now(),
    drain: undefined,
  },
});
