import { beforeEach } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createRoutingStore } from '#adapters/dynamodb/routing/routing-store.ts';
import { createRoutingCache, type RoutingCache } from '#core/routing/routing-cache.ts';
import { anApplication, anEndpoint, anEvent } from './config-fixtures.ts';
import { table, useConfigTable } from './config-table.ts';

/** To be called at the top of a test file: each test gets a table with the application `acme`. */
export function useRoutedApplication(): void {
  useConfigTable();
  beforeEach(async () => {
    await createApplicationStore(table).create(anApplication());
  });
}

export const event = anEvent('order.created', { amount: 5 });

export const matched = async (cache: RoutingCache, applicationId = 'acme') =>
  (await cache.match(applicationId, event))?.map(({ endpointId }) => endpointId);

export const aCache = () => createRoutingCache({ source: createRoutingStore(table), maxBytes: 1e7 });

export const ids = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `ep_${String(from + index).padStart(4, '0')}`);

export const createAll = (endpointIds: readonly string[]) =>
  Promise.all(endpointIds.map((id) => createEndpointStore(table).create(anEndpoint({ id }))));
