import type { createProgressStore } from '#adapters/dynamodb/event/progress-store.ts';
import type { createPassStore } from '#adapters/dynamodb/event/sweep-store.ts';
import { eventTtl } from '#adapters/dynamodb/table/event-table.ts';
import type { Tables } from './tables.ts';

export function memoryProgress({ progress, retentionDays }: Tables): ReturnType<typeof createProgressStore> {
  return {
    get: async (eventId, segment) => progress.get(`${eventId} ${segment}`),
    store: async ({ id, deliverAt }, segment, next) =>
      progress.put(`${id} ${segment}`, next, eventTtl(deliverAt, retentionDays) * 1_000) === 'stored',
  };
}

export const memoryPasses = ({ passes }: Tables): ReturnType<typeof createPassStore> => ({
  get: async () => passes.get('reconcile'),
  store: async (next) => passes.put('reconcile', next) === 'stored',
});
