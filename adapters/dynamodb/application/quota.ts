import { applicationKey } from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem } from '#adapters/dynamodb/table/config-table.ts';
import type { Step } from '#adapters/dynamodb/table/step.ts';
import { type Bounds, boundsOf, type Limited } from '#core/application/limits.ts';
import { LimitReached } from '#core/problem/store-errors.ts';
import { parseApplication } from './application-item.ts';

/** How much more of what is limited an application is to have; less where it is negative. */
export type Use = { readonly [Kind in Limited]?: number };

/** The attributes of the application's item that hold the counts. */
const attributes: { readonly [Kind in Limited]: string } = {
  endpoints: 'endpointCount',
  eventTypes: 'eventTypeCount',
  routeBytes: 'routeBytes',
};
const limited: readonly Limited[] = ['endpoints', 'eventTypes', 'routeBytes'];

/**
 * The step that counts what an application has. It must be in the transaction that creates, changes or deletes the
 * thing, because its condition lets exactly as much through as there is room for, however much comes at once:
 *
 *     request A   read 4 of 5 ───────────── write 5 of 5 if 4 stands ✓
 *     request B       read 4 of 5 ───────────────────── write 5 of 5 if 4 stands ✗: reads again, and 5 of 5 is full
 *
 * @param bounds the limits for more of it; less of it is always accepted
 * @returns no step where nothing is to be counted; undefined when there is no such application
 * @throws LimitReached when there is no room for more
 */
export async function countSteps(
  table: ConfigTable,
  applicationId: string,
  use: Use,
  bounds: Bounds,
): Promise<Step[] | undefined> {
  const kinds = limited.filter((kind) => (use[kind] ?? 0) !== 0);
  if (kinds.length === 0) return [];
  const item = await getItem(table, applicationKey(applicationId));
  const found = item && parseApplication(item);
  if (found === undefined || found.removing) return undefined;
  const before: Record<string, number> = {};
  const after: Record<string, number> = {};
  for (const kind of kinds) {
    const standing = found.counts[kind];
    const more = use[kind] ?? 0;
    const limit = boundsOf(found.application, bounds)[kind];
    if (more > 0 && standing + more > limit) throw new LimitReached(kind, limit, standing);
    before[attributes[kind]] = standing;
    after[attributes[kind]] = Math.max(0, standing + more);
  }
  const condition = { equal: { ...before, id: applicationId, removing: undefined } };
  return [{ kind: 'update', key: applicationKey(applicationId), set: after, condition }];
}
