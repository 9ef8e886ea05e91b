import { memoryDeliveries } from './deliveries.ts';
import { memoryCircuits, memorySlots, memorySlowMarks } from './endpoint-state.ts';
import { memoryEndpointReader, memoryEndpoints } from './endpoints.ts';
import { memoryEvents } from './events.ts';
import { memoryKeys } from './idempotency.ts';
import { memoryProgress, memorySweeps } from './progress.ts';
import type { Tables } from './tables.ts';
import { memoryTasks } from './tasks.ts';
import { memoryTokenBudgets } from './token-budgets.ts';
import { memoryAttention } from './watchdog.ts';

/** The stores of a deployment over tables in memory. test/contract/stores holds them to what the engine does. */
export const memoryStores = (tables: Tables) => ({
  deliveries: memoryDeliveries(tables),
  events: memoryEvents(tables),
  tasks: memoryTasks(tables),
  progress: memoryProgress(tables),
  sweeps: memorySweeps(tables),
  keys: memoryKeys(tables),
  budgets: memoryTokenBudgets(tables),
  endpoints: memoryEndpoints(tables),
  reader: memoryEndpointReader(tables),
  circuits: memoryCircuits(tables),
  slots: memorySlots(tables),
  slowMarks: memorySlowMarks(tables),
  attention: memoryAttention(tables),
});

export type Stores = ReturnType<typeof memoryStores>;
