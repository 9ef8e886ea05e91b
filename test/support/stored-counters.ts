import type { RollupKey } from '#core/statistics/contribution.ts';
import { type Counters, noCounters } from '#core/statistics/counters.ts';
import { newRollup } from '#core/statistics/rollup.ts';
import { api } from './api-fixture.ts';
import { noon } from './deliveries.ts';

export const storeCounters = (key: RollupKey, counters: Partial<Counters>, updatedAt: number) =>
  api.stores.statistics.store(key, {
    ...newRollup,
    counters: { ...noCounters, ...counters },
    updatedAt,
    revision: 1,
  });

/** Four attempts, of which three succeeded. */
export const someCounters: Partial<Counters> = {
  attempts: 4,
  successes: 3,
  duration: 2_000,
  durations: [0, 4, 0, 0, 0, 0, 0, 0],
  retries: { 2: 1 },
  settled: { succeeded: 3, exhausted: 1 },
  lastSuccessAt: noon,
};

let applications = 0;

/** Creates an application, with a token that may read it. */
export async function newApplication() {
  applications += 1;
  const id = `stats-${applications}`;
  await api.call('POST /api/applications', { body: { id, name: id } });
  return { id, headers: { 'x-hook0-application': id }, token: await api.makeTokenFor(id, ['read']) };
}
