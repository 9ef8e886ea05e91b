import { routeIn } from '#adapters/dynamodb/routing-log/routing-change.ts';
import { applicationKey, applicationPartition, prefixes } from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem, queryAll, type RawItem } from '#adapters/dynamodb/table/config-table.ts';
import type { Step } from '#adapters/dynamodb/table/step.ts';
import { type Bounds, boundsOf, type Limited } from '#core/application/limits.ts';
import { LimitReached } from '#core/problem/store-errors.ts';
import { routeHeap } from '#core/routing/route-heap.ts';
import { parseApplication } from './application-item.ts';

/** How much more of what is limited an application is to have; less where it is negative. */
export type Use = { readonly [Kind in Limited]?: number };

interface Counting {
  /** The attribute of the application's item. */
  readonly attribute: string;
  /** What is counted where an older deployment left no number. */
  readonly prefix: string;
  readonly weigh: (item: RawItem) => number;
}

const countings: { readonly [Kind in Limited]: Counting } = {
  endpoints: { attribute: 'endpointCount', prefix: prefixes.endpoint, weigh: () => 1 },
  eventTypes: { attribute: 'eventTypeCount', prefix: prefixes.eventType, weigh: () => 1 },
  routeBytes: {
    attribute: 'routeBytes',
    prefix: prefixes.endpoint,
    weigh: (item) => {
      const route = routeIn(item);
      return route === undefined ? 0 : routeHeap(route);
    },
  },
};

/**
 * The step that counts what an application has. It belongs into the transaction that creates, changes or deletes the
 * thing: its condition lets exactly as much through as there is room for, however much comes at once.
 *
 * @param bounds what more of it must fit into; less of it always does
 * @param guarded - the reading of what else guards that transaction (the routing version). The application of an
 *   older deployment has no count yet, and what is counted here must not be older than that.
 * @returns no step where nothing is to be counted; undefined when there is no such application
 * @throws LimitReached when there is no room for more
 */
export async function countSteps(
  table: ConfigTable,
  applicationId: string,
  use: Use,
  bounds: Bounds,
  guarded: Promise<unknown>,
): Promise<Step[] | undefined> {
  const kinds = limited.filter((kind) => (use[kind] ?? 0) !== 0);
  if (kinds.length === 0) return [];
  const item = await getItem(table, applicationKey(applicationId), { consistent: true });
  const found = item && parseApplication(item);
  if (found === undefined || found.removing) return undefined;
  const before: Record<string, number | undefined> = {};
  const after: Record<string, number> = {};
  for (const kind of kinds) {
    const { attribute } = countings[kind];
    const counted = found.counts[kind];
    const standing = counted ?? (await count(table, applicationId, kind, guarded));
    const more = use[kind] ?? 0;
    const limit = boundsOf(found.application, bounds)[kind];
    if (more > 0 && standing + more > limit) throw new LimitReached(kind, limit, standing);
    before[attribute] = counted;
    after[attribute] = Math.max(0, standing + more);
  }
  const condition = { equal: { ...before, id: applicationId, removing: undefined } };
  return [{ kind: 'update', key: applicationKey(applicationId), set: after, condition }];
}

const limited: readonly Limited[] = ['endpoints', 'eventTypes', 'routeBytes'];

async function count(
  table: ConfigTable,
  applicationId: string,
  kind: Limited,
  guarded: Promise<unknown>,
): Promise<number> {
  await guarded;
  const { prefix, weigh } = countings[kind];
  let total = 0;
  for await (const items of queryAll(table, {
    pk: applicationPartition(applicationId),
    prefix,
    consistent: true,
  }))
    for (const item of items) total += weigh(item);
  return total;
}
