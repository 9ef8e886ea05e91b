import { isDeepStrictEqual } from 'node:util';
import type { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import type { Tables } from './tables.ts';

export function memoryAttention({ watched, now }: Tables): ReturnType<typeof createAttentionStore> {
  return {
    list: async () => [...watched.values()].map((entry) => ({ kind: 'endpoint', ...entry })),

    async clear(entry) {
      if (entry.kind !== 'endpoint') return;
      if (watched.get(entry.endpointId)?.since === entry.since) watched.delete(entry.endpointId);
    },

    async watch({ endpointId, applicationId }) {
      watched.set(endpointId, { ...watched.get(endpointId), endpointId, applicationId, since: now() });
    },

    async watched(endpointId) {
      const entry = watched.get(endpointId);
      return entry && { kind: 'endpoint', ...entry };
    },

    async takeStep({ endpointId, since, drain }, next) {
      const standing = watched.get(endpointId);
      if (standing?.since !== since || !isDeepStrictEqual(standing.drain, drain)) return false;
      watched.set(endpointId, { ...standing, drain: next });
      return true;
    },

    async announced(endpointId, id) {
      const standing = watched.get(endpointId);
      if (standing) watched.set(endpointId, { ...standing, announced: id });
    },
  };
}
