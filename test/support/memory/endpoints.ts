import { isDeepStrictEqual } from 'node:util';
import type { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import type { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { cleanCircuit, nextEpoch } from '#core/circuit/circuit.ts';
import { liveSecrets } from '#core/endpoint/live-secrets.ts';
import { AlreadyExists } from '#core/problem/store-errors.ts';
import type { EndpointRow, Tables } from './tables.ts';

type Endpoints = Pick<
  ReturnType<typeof createEndpointStore>,
  'create' | 'get' | 'outline' | 'update' | 'remove'
>;

export function memoryEndpointReader({ endpoints }: Tables): ReturnType<typeof createEndpointReader> {
  return {
    load: async (endpointId) => endpoints.get(endpointId)?.record,

    // The route stays until the next `update`, as deliver has no right to take it away.
    async disable(endpointId, reason, at, asOf = at) {
      const row = endpoints.get(endpointId);
      const { state } = row?.record ?? {};
      if (!row || !state || state.status === 'disabled' || state.since > asOf) return false;
      const record = { ...row.record, state: { status: 'disabled', reason, since: at } } as const;
      endpoints.set(endpointId, { ...row, record });
      return true;
    },
  };
}

export function memoryEndpoints({ endpoints, watched, now }: Tables): Endpoints {
  const rowOf = (applicationId: string, id: string): EndpointRow | undefined => {
    const row = endpoints.get(id);
    return row?.record.endpoint.applicationId === applicationId ? row : undefined;
  };
  /** Another drain begins. */
  const watch = (applicationId: string, endpointId: string): void => {
    const { drain, ...rest } = watched.get(endpointId) ?? {};
    watched.set(endpointId, { ...rest, endpointId, applicationId, since: now() });
  };

  return {
    async create(endpoint) {
      if (endpoints.has(endpoint.id)) throw new AlreadyExists(`endpoint ${endpoint.id} already exists`);
      const state = { status: 'active', since: endpoint.createdAt } as const;
      endpoints.set(endpoint.id, { record: { endpoint, state }, isRouted: true });
    },

    get: async (applicationId, id) => rowOf(applicationId, id)?.record,
    outline: async (applicationId, id) => rowOf(applicationId, id)?.record,

    async update(applicationId, id, change) {
      const row = rowOf(applicationId, id);
      if (!row) return undefined;
      const before = row.record;
      const changed = change(before);
      const { circuit = cleanCircuit, ...others } = changed;
      const isUnbroken = circuit.state === 'open' && !changed.endpoint.circuitBreaker.enabled;
      const isRestarted =
        isUnbroken || (changed.state.status === 'active' && before.state.status !== 'active');
      const after = {
        ...(isRestarted ? others : changed),
        endpoint: { ...changed.endpoint, id, applicationId },
      };
      const isRouted = after.state.status !== 'disabled';
      if (isRouted === row.isRouted && isDeepStrictEqual(before, after)) return after;
      const live = liveSecrets(after.endpoint.secrets, now());
      const endpoint = { ...after.endpoint, secrets: live.length > 0 ? live : after.endpoint.secrets };
      const record = { ...after, endpoint, ...(isRestarted ? { circuit: nextEpoch(circuit, now()) } : {}) };
      endpoints.set(id, { record, isRouted });
      if (isUnbroken || after.state.status !== before.state.status) watch(applicationId, id);
      return after;
    },

    async remove(applicationId, id) {
      if (!rowOf(applicationId, id)) return false;
      endpoints.delete(id);
      watch(applicationId, id);
      return true;
    },
  };
}
