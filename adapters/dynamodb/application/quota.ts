import { applicationKey } from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem } from '#adapters/dynamodb/table/config-table.ts';
import type { Step } from '#adapters/dynamodb/table/step.ts';
import { type Bounds, boundsOf, type Counted } from '#core/application/limits.ts';
import { LimitReached } from '#core/problem/store-errors.ts';
import { parseApplication } from './application-item.ts';

/** How much more an application is to have; less where it is negative. */
type Use = { readonly [Kind in Counted]?: number };

export interface Count {
  readonly steps: readonly Step[];
  /** The steps of the filters of all endpoints, afterwards. 0 where they are not counted. */
  readonly filterSteps: number;
}

/** The attributes of the application's item that hold the counts. */
const attributes: { readonly [Kind in Counted]: string } = {
  endpoints: 'endpointCount',
  eventTypes: 'eventTypeCount',
  routeBytes: 'routeBytes',
  filterSteps: 'filterSteps',
};
const counted: readonly Counted[] = ['endpoints', 'eventTypes', 'routeBytes', 'filterSteps'];

/**
 * The step that counts what an application has. It must be in the transaction that creates, changes or deletes the
 * thing, because its condition lets exactly as much through as there is room for, however much comes at once:
 *
 *     request A   read 4 of 5 ───────────── write 5 of 5 if 4 stands ✓
 *     request B       read 4 of 5 ───────────────────── write 5 of 5 if 4 stands ✗: reads again, and 5 of 5 is full
 *
 * @param bounds the limits for more of it; less of it is always accepted
 * @returns no step where nothing is to be counted; undefined when there is no such application. `checkFilterLoad`
 * limits the steps of filters
 * @throws LimitReached when there is no room for more
 */
export async function countSteps(
  table: ConfigTable,
  applicationId: string,
  use: Use,
  bounds: Bounds,
): Promise<Count | undefined> {
  if (Object.keys(use).length === 0) return { steps: [], filterSteps: 0 };
  const kinds = counted.filter((kind) => (use[kind] ?? 0) !== 0);
  const item = await getItem(table, applicationKey(applicationId));
  const found = item && parseApplication(item);
  if (found === undefined || found.removing) return undefined;
  const before: Record<string, number> = {};
  const after: Record<string, number> = {};
  for (const kind of kinds) {
    const standing = found.counts[kind];
    const more = use[kind] ?? 0;
    if (more > 0 && kind !== 'filterSteps') {
      const limit = boundsOf(found.application, bounds)[kind];
      if (standing + more > limit) throw new LimitReached(kind, limit, standing);
    }
    before[attributes[kind]] = standing;
    after[attributes[kind]] = Math.max(0, standing + more);
  }
  const condition = { equal: { ...before, id: applicationId, removing: undefined } };
  const filterSteps = found.counts.filterSteps + (use.filterSteps ?? 0);
  if (kinds.length === 0) return { steps: [], filterSteps };
  const step: Step = { kind: 'update', key: applicationKey(applicationId), set: after, condition };
  return { steps: [step], filterSteps };
}
