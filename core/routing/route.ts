import type { Priority } from '#core/event/event.ts';
import type { EventTypeRule } from '#core/event-type/event-type.ts';
import type { FilterCost } from '#core/filter/cost.ts';
import type { Filter } from '#core/filter/filter.ts';
import { referencedMetadata } from '#core/filter/reference.ts';

/** What matching needs to know about an endpoint. */
export interface Route {
  readonly endpointId: string;
  readonly patterns: readonly string[];
  readonly filters?: Filter;
  /** What the filters cost; absent means nothing. */
  readonly cost?: FilterCost;
  readonly priority?: Priority;
  /** Only the members that the filters refer to. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export type Metadata = Readonly<Record<string, unknown>>;

/** One step from routing version `version - 1` to `version`. */
export type RouteChange = { readonly version: number } & (
  | { readonly kind: 'endpoint'; readonly route: Route }
  | { readonly kind: 'endpointRemoved'; readonly endpointId: string }
  | { readonly kind: 'application'; readonly metadata: Metadata }
  | { readonly kind: 'eventType'; readonly rule: EventTypeRule }
  | { readonly kind: 'eventTypeRemoved'; readonly name: string }
);

/** What a route is made from. A disabled endpoint has no route; a paused endpoint keeps its route. */
interface Routable {
  readonly id: string;
  readonly events: readonly string[];
  readonly filters?: Filter | undefined;
  readonly filterCost?: FilterCost | undefined;
  readonly priority?: Priority | undefined;
  readonly metadata?: Metadata | undefined;
}

/** The routing projection of an endpoint. It is as small as matching allows, because every ingest function holds it. */
export function routeOf({ id, events, filters, filterCost, priority, metadata = {} }: Routable): Route {
  const route = { endpointId: id, patterns: [...new Set(events)], ...(priority && { priority }) };
  if (filters === undefined || filters.conditions.length === 0) return route;
  const names = referencedMetadata(filters, 'endpoint');
  const needed = Object.entries(metadata).filter(([name]) => names.has(name));
  return {
    ...route,
    filters,
    ...(filterCost && { cost: filterCost }),
    ...(needed.length > 0 && { metadata: Object.fromEntries(needed) }),
  };
}
