import { loadRouting } from '#adapters/dynamodb/routing/routing-load.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { mostSteps } from '#core/filter/cost.ts';
import { filterLimits } from '#core/filter/filter.ts';
import { FiltersTooExpensive } from '#core/problem/store-errors.ts';
import { filterLoad } from '#core/routing/filter-load.ts';
import type { Route } from '#core/routing/route.ts';

/**
 * Refuses a route whose filters would take too many steps, together with the others that the same event may have to
 * pass. Mostly all filters of the application take less. Only otherwise the routes are read.
 *
 * Call it after the routing version was read that the transaction depends on. So no other route can be written meanwhile.
 *
 * @param total steps of the filters of all endpoints, this route included
 * @throws FiltersTooExpensive
 */
export async function checkFilterLoad(
  table: ConfigTable,
  applicationId: string,
  route: Route | undefined,
  total: number,
): Promise<void> {
  if (route?.cost === undefined || total <= filterLimits.steps) return;
  const { routes } = (await loadRouting(table, applicationId, () => undefined)).routes;
  const others = routes.filter(({ endpointId }) => endpointId !== route.endpointId);
  const load = filterLoad([...others, route]);
  // It takes no part in what was too expensive before.
  if (load.steps <= filterLimits.steps || load.steps <= filterLoad(others).steps) return;
  throw new FiltersTooExpensive(load, mostSteps(route.cost));
}
