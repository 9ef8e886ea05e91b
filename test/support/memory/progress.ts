import type { createProgressStore } from '#adapters/dynamodb/event/progress-store.ts';
import type { createSweepStore } from '#adapters/dynamodb/event/sweep-store.ts';
import { eventTtl } from '#adapters/dynamodb/table/event-table.ts';
import type { Tables } from './tables.ts';

export function memoryProgress({ progress, retentionDays }: Tables): ReturnType<typeof createProgressStore> {
  return {
    get: async (eventId, segment) => progress.get(`${eventId} ${segment}`),
    store: async ({ id, deliverAt }, segment, next) =>
      progress.put(`${id} ${segment}`, next, eventTtl(deliverAt, retentionDays) * 1_000) === 'stored',
  };
}

export const memorySweeps = ({ sweeps }: Tables): ReturnType<typeof createSweepStore> => ({
  get: async () => sweeps.get('reconcile'),
  store: async (next) => sweeps.put('reconcile', next) === 'stored',
});
